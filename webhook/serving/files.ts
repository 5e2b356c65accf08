import type { X509Certificate } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { CertificateConfig } from "../config.ts";
import type { Log } from "../log/log.ts";
import type { ServingApi } from "./api.ts";
import type { Credentials, ServingCertificate, ServingMetrics } from "./certificate.ts";
import { type Keyed, openBundle, openKeyed, servedOf, signs, validAt } from "./keyed.ts";
import { serviceNames } from "./names.ts";
import { type Repetition, repeat } from "./repeat.ts";

export interface FilesOptions {
  readonly config: CertificateConfig;
  /** For readiness: whoever writes the files also writes the caBundle, but not at the same moment. */
  readonly api?: Pick<ServingApi, "readConfiguration">;
  readonly clock: () => Date;
  readonly log: Log;
  readonly metrics: ServingMetrics;
}

/**
 * The guard's certificate as cert-manager, or a person, mounts it: tls.crt and
 * tls.key in a directory. What cannot be served is logged, and the one before
 * is served on.
 */
export function fromFiles(options: FilesOptions): ServingCertificate {
  const { config, api, clock, log, metrics } = options;
  const [name] = serviceNames(config);
  const listeners: ((credentials: Credentials) => void)[] = [];
  let served: Keyed | undefined;
  let bundles: readonly string[] | undefined;
  let trouble: string | undefined;
  let repetition: Repetition | undefined;
  let stopped = false;

  const trustedNow = () => served !== undefined && (bundles ?? []).every(verifies(served, clock()));

  async function look(): Promise<number> {
    await load().then(() => say(undefined), say);
    bundles = await api?.readConfiguration().then(
      (seen) => seen?.webhooks.map(({ caBundle }) => caBundle) ?? [],
      () => bundles,
    );
    if (bundles !== undefined) metrics.webhookConfigured(bundles.length > 0);
    metrics.caBundleInSync(trustedNow());
    return served === undefined ? Math.min(1000, config.pollMs) : config.pollMs;
  }

  function say(error: unknown): void {
    const why = error === undefined ? undefined : error instanceof Error ? error.message : String(error);
    if (why !== undefined && why !== trouble) {
      log.warn({ directory: config.directory, error }, "cannot load the serving certificate");
      metrics.servingRotated("failure");
    }
    trouble = why;
  }

  async function load(): Promise<void> {
    const found = await readPair(config.directory);
    if (found.certificate === served?.certificate && found.key === served.key) return;
    const opened = openKeyed(found);
    if (!validAt(opened.x509, clock())) throw new Error("tls.crt has expired or is not valid yet");
    served = opened;
    for (const listener of listeners) listener(opened);
    metrics.servingExpiry(opened.x509.validToDate);
    metrics.servingRotated("success");
    log.info({ ...servedOf(opened) }, "serves a certificate");
  }

  return {
    current: () => (served === undefined ? undefined : servedOf(served)),
    onChange(listener) {
      listeners.push(listener);
      if (served !== undefined) listener(served);
    },
    async start() {
      const first = await look();
      if (!stopped) repetition = repeat(first, look);
    },
    async stop() {
      stopped = true;
      await repetition?.stop();
    },
    problems() {
      if (served === undefined)
        return [`there is no serving certificate yet${trouble ? `: ${trouble}` : ""}`];
      if (!validAt(served.x509, clock())) return ["the serving certificate has expired"];
      if (served.x509.checkHost(name, { subject: "never" }) === undefined) {
        return [`the serving certificate is not for ${name}; issue it with that DNS name`];
      }
      return trustedNow() ? [] : ["the live caBundle does not verify the serving certificate"];
    },
  };
}

// A mounted Secret changes by one swap of ..data; through it, both files are of the same version.
async function readPair(directory: string): Promise<Credentials> {
  const version = await realpath(join(directory, "..data")).catch(() => directory);
  const [certificate, key] = await Promise.all([
    readFile(join(version, "tls.crt"), "utf8"),
    readFile(join(version, "tls.key"), "utf8"),
  ]);
  return { certificate, key };
}

/** Does a chain of the served certificates end in the bundle? */
const verifies =
  ({ certificate }: Keyed, now: Date) =>
  (caBundle: string): boolean => {
    const { certificates: authorities } = openBundle(caBundle);
    const chain = openBundle(certificate).certificates;
    const trusts = (x509: X509Certificate) =>
      authorities.some(
        (authority) => validAt(authority, now) && (authority.raw.equals(x509.raw) || signs(authority, x509)),
      );
    for (const [index, x509] of chain.entries()) {
      if (trusts(x509)) return true;
      const parent = chain[index + 1];
      if (parent === undefined || !signs(parent, x509)) return false;
    }
    return false;
  };
