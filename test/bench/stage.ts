import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anchor, leaf } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { startControlPlane } from "../cluster/control-plane.ts";
import { issuerSecret, linkerdConfig, trustRoots } from "../cluster/control-plane-objects.ts";
import { create } from "../cluster/linkerd.ts";
import { household } from "../cluster/processes.ts";
import type { Programs } from "./programs.ts";
import { mintTrust, tenYears } from "./reviews.ts";
import type { Stage } from "./servers.ts";

/** A real API server with Linkerd's trust in it, does the work there, and takes all away. */
export async function onStage<T>(
  programs: Programs,
  options: { readonly pods: boolean },
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const house = household();
  try {
    const cp = await startControlPlane({ kwok: options.pods });
    try {
      const stage = { cp, house, programs, trust: mintTrust(), serving: writeServing(house.dir) };
      await installTrust(stage, "linkerd");
      return await work(stage);
    } finally {
      await cp.stop();
    }
  } finally {
    await house.end();
  }
}

/** A temporary folder for the work, gone afterwards however it ends. */
export async function inHouse<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const house = household();
  try {
    return await work(house.dir);
  } finally {
    await house.end();
  }
}

/** Bundle and issuer as trust-manager and cert-manager leave them. */
export async function installTrust({ cp, trust }: Stage, namespace: string): Promise<void> {
  const install = {
    namespace,
    bundle: trust.anchor.pem,
    issuer: { chainPem: trust.issuer.pem, keyPem: trust.issuer.keyPem },
    scheme: "kubernetes.io/tls",
    externalCA: true,
  } as const;
  await mustApi(cp.api, "POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
  });
  for (const object of [trustRoots(install), issuerSecret(install), linkerdConfig(install)])
    await create(cp, object);
}

/** What the guard wants its certificate to be for. */
const guardsName = "linkerd-certs.linkerd-certs.svc";

function writeServing(parent: string): Stage["serving"] {
  const dir = join(parent, "serving");
  mkdirSync(dir);
  const ca = anchor("serving", tenYears);
  const served = leaf(ca, { ...tenYears, name: guardsName, sans: [`dns:${guardsName}`, "ip:127.0.0.1"] });
  writeFileSync(join(dir, "tls.crt"), served.pem);
  writeFileSync(join(dir, "tls.key"), served.pkcs8Pem);
  const caFile = join(parent, "serving-ca.crt");
  writeFileSync(caFile, ca.pem);
  return { dir, caPem: ca.pem, caFile };
}
