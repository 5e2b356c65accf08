import { X509Certificate } from "node:crypto";
import type { CertificateConfig } from "../../webhook/config.ts";
import type { Log } from "../../webhook/log/log.ts";
import { createMetrics } from "../../webhook/metrics.ts";
import type { ServingApi } from "../../webhook/serving/api.ts";
import type { ServingCertificate } from "../../webhook/serving/certificate.ts";
import { openBundle, signs, validAt } from "../../webhook/serving/keyed.ts";
import { serviceNames } from "../../webhook/serving/names.ts";
import { liveIn, nextStep } from "../../webhook/serving/plan.ts";
import { selfManaged } from "../../webhook/serving/self-managed.ts";
import { openState, type ServingState } from "../../webhook/serving/state.ts";
import { eventually } from "../cluster/eventually.ts";
import { testLog } from "./fixtures.ts";

class Killed extends Error {}

/** The API as one process sees it that is killed before, or just after, its nth write. */
function killedAt(
  api: ServingApi,
  nth: number,
  moment: "before" | "after",
): ServingApi & { dead(): boolean } {
  let writes = 0;
  let dead = false;
  const alive = async <T>(call: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed();
    return await call();
  };
  const write = async <T>(call: () => Promise<T>): Promise<T> => {
    if (++writes < nth) return await call();
    if (moment === "after") await call();
    dead = true;
    throw new Killed();
  };
  return {
    readSecret: () => alive(api.readSecret),
    readConfiguration: () => alive(api.readConfiguration),
    updateSecret: (seen, data) => alive(() => write(() => api.updateSecret(seen, data))),
    patchCaBundle: (seen, pem) => alive(() => write(() => api.patchCaBundle(seen, pem))),
    dead: () => dead,
  };
}

export interface Lifecycle {
  /** Every moment at which a replica served what the live caBundle did not verify, though it had before. */
  readonly gaps: readonly string[];
  readonly authorities: ReadonlySet<string>;
  readonly leaves: ReadonlySet<string>;
  /** Was the replica killed before the end? */
  readonly killed: boolean;
}

/**
 * A life on fast-forward, from an empty Secret until the authority has changed
 * twice. The replica is killed at its nth write and another takes its place.
 */
export async function live(
  api: ServingApi,
  config: CertificateConfig,
  nth: number,
  moment: "before" | "after",
): Promise<Lifecycle> {
  let offset = 0;
  const clock = () => new Date(Date.now() + offset);
  const names = serviceNames(config);
  const gaps: string[] = [];
  const authorities = new Set<string>();
  const leaves = new Set<string>();
  let published = false;
  const check = async (served: X509Certificate) => {
    const configuration = await api.readConfiguration();
    const { certificates } = openBundle(configuration?.webhooks[0]?.caBundle ?? "");
    const verified = certificates.some((ca) => signs(ca, served) && validAt(ca, clock()));
    if (published && !verified) gaps.push(`leaf ${served.serialNumber} by ${served.issuer}`);
    published ||= verified;
    return configuration;
  };
  const begin = (seen: Replica["api"]) => {
    const begun = start(seen, config, clock);
    begun.certificate.onChange(({ certificate }) => void check(new X509Certificate(certificate)));
    return begun;
  };
  let replica = begin(killedAt(api, nth, moment));
  const first = replica;

  const look = async (): Promise<boolean> => {
    if (replica === first && first.api.dead?.()) {
      await replica.certificate.stop();
      replica = begin(api);
    }
    const served = replica.served();
    const configuration = served === undefined ? await api.readConfiguration() : await check(served);
    const secret = await api.readSecret();
    const opened = openState(secret?.data ?? {}, names, clock());
    const state = typeof opened === "string" ? undefined : opened;
    if (state === undefined || state.leaf === undefined) return false;
    note(state);
    const plan = { ...config, now: clock(), state, live: liveIn(configuration), settled: () => true };
    return nextStep(plan) === undefined && served?.serialNumber === state.leaf.x509.serialNumber;
  };
  const note = ({ authority, leaf }: ServingState) => {
    authorities.add(authority.x509.serialNumber);
    if (leaf !== undefined) leaves.add(leaf.x509.serialNumber);
  };

  await eventually("the first certificate", look, { everyMs: 5 });
  while (authorities.size < 3) {
    offset += config.leafLifetimeMs / 5;
    await eventually("all is done that is due", look, { everyMs: 5 });
  }
  await replica.certificate.stop();
  return { gaps, authorities, leaves, killed: replica !== first };
}

interface Replica {
  readonly api: ServingApi & { dead?(): boolean };
  readonly certificate: ServingCertificate;
  served(): X509Certificate | undefined;
}

export function start(
  api: Replica["api"],
  config: CertificateConfig,
  clock: () => Date,
  log: Log = testLog().log,
): Replica {
  const metrics = createMetrics([]);
  const certificate = selfManaged({ config, api, clock, log, metrics });
  let served: X509Certificate | undefined;
  certificate.onChange((credentials) => {
    served = new X509Certificate(credentials.certificate);
  });
  void certificate.start();
  return { api, certificate, served: () => served };
}
