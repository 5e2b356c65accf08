import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { anchor, hour, leaf } from "../certificates/index.ts";
import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { createDefinitions } from "./definitions.ts";
import { eventually } from "./eventually.ts";
import { ensureNamespace } from "./linkerd.ts";
import { collectionPath } from "./paths.ts";
import { freePorts } from "./ports.ts";
import { type Component, type Household, household } from "./processes.ts";
import { findPrograms, programsAvailable, type Recipe } from "./program.ts";

const recipes: readonly Recipe[] = [
  {
    name: "cert-manager",
    module: "cert-manager",
    pin: "github.com/cert-manager/cert-manager",
    package: ".",
    ldflags: "",
  },
  {
    name: "trust-manager",
    module: "trust-manager",
    pin: "github.com/cert-manager/trust-manager",
    package: "github.com/cert-manager/trust-manager/cmd/trust-manager",
    ldflags: "",
  },
];

export interface CertManager {
  stop(): Promise<void>;
}

/** Says, without starting anything, whether the two can be had. */
export function certManagerAvailable(): "ready" | "buildable" | "missing-go" {
  return programsAvailable(recipes);
}

/**
 * Starts cert-manager's own controllers (CA and self-signed issuers) and trust-manager, with their own CRDs.
 * Without their webhooks, which only check and default what is written.
 */
export async function startCertManager(cp: ControlPlane): Promise<CertManager> {
  const [certManager = "", trustManager = ""] = await findPrograms(recipes);
  for (const recipe of recipes) await createDefinitions(cp, recipe, "deploy/crds");
  await ensureNamespace(cp, "cert-manager");

  const house = household();
  house.start("cert-manager", certManager, [cp.kubeconfig]);
  const flags = await webhookFlags(house);
  let trust = startTrustManager(cp, house, trustManager, flags);
  await eventually("trust-manager is ready", async () => {
    // Where the API server's discovery does not tell of its kinds yet, it ends.
    if (trust.ended() !== undefined) trust = startTrustManager(cp, house, trustManager, flags);
    return (await fetch(`http://127.0.0.1:${flags.readiness}/readyz`)).ok;
  });
  return { stop: () => house.end() };
}

function startTrustManager(cp: ControlPlane, house: Household, program: string, flags: Flags): Component {
  return house.start("trust-manager", program, [
    `--kubeconfig=${cp.kubeconfig}`,
    "--leader-elect=false",
    "--metrics-port=0",
    `--readiness-probe-port=${flags.readiness}`,
    "--webhook-host=127.0.0.1",
    `--webhook-port=${flags.webhook}`,
    `--webhook-certificate-dir=${flags.folder}`,
  ]);
}

interface Flags {
  readonly readiness: number;
  readonly webhook: number;
  readonly folder: string;
}

/** Linkerd's documented set-up: an anchor and an issuer that cert-manager renews, a bundle that trust-manager makes. */
export async function certManagerObjects(cp: ControlPlane, yaml: string): Promise<void> {
  for (const document of parseAllDocuments(yaml)) {
    const object = document.toJS() as { kind: string; apiVersion: string; metadata: { namespace?: string } };
    const plural = `${object.kind.toLowerCase()}s`;
    const { namespace } = object.metadata;
    const place = namespace === undefined ? "" : `namespaces/${namespace}/`;
    const path = object.apiVersion.includes("/")
      ? `/apis/${object.apiVersion}/${place}${plural}`
      : collectionPath(object.kind, namespace);
    await mustApi(cp.api, "POST", path, object);
  }
}

async function webhookFlags(house: Household): Promise<Flags> {
  const times = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour) };
  const serving = leaf(anchor("trust-manager", times), {
    ...times,
    name: "127.0.0.1",
    sans: ["ip:127.0.0.1"],
  });
  const folder = join(house.dir, "tls");
  mkdirSync(folder);
  writeFileSync(join(folder, "tls.crt"), serving.pem);
  writeFileSync(join(folder, "tls.key"), serving.keyPem);
  const [webhook = 0, readiness = 0] = await freePorts(2);
  return { webhook, readiness, folder };
}
