import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { anchor, bundle, day, hour, issuer, year } from "../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";

const home = join(import.meta.dirname, "..", "..");
const context = "production";

/** The page that `kubectl linkerd-certs report` writes of a mesh whose anchor was changed too fast. */
export async function reportOfASickMesh(now: Date): Promise<string> {
  const cp = await startControlPlane();
  try {
    await breakMesh(cp, now);
    return await report(cp);
  } finally {
    await cp.stop();
  }
}

async function breakMesh(cp: ControlPlane, now: Date): Promise<void> {
  const dated = (from: number, until: number) => ({
    notBefore: new Date(now.getTime() + from),
    notAfter: new Date(now.getTime() + until),
  });
  const old = anchor("root.linkerd.cluster.local", dated(-9.9 * year, 40 * day));
  const next = anchor("root.linkerd.cluster.local", dated(-2 * day, 10 * year));
  const early = issuer(next, dated(-2 * hour, 30 * day));
  const both = bundle(old, next);
  await installLinkerd(cp, { bundle: both, issuer: { chainPem: early.pem, keyPem: early.keyPem } });
  for (const name of ["web", "emoji", "voting"])
    await inject(cp, { namespace: "emojivoto", name, bundle: both });
  for (const name of ["basket", "catalogue", "payment"])
    await inject(cp, { namespace: "shop", name, bundle: bundle(old), replicas: 2 });
}

/** The real command, in a process of its own. */
async function report(cp: ControlPlane): Promise<string> {
  await cp.kubectl(["config", "rename-context", "test", context]);
  const file = join(cp.dir, "report.html");
  const plugin = join(home, "plugin", "kubectl-linkerd_certs.mjs");
  const words = ["report", "--kubeconfig", cp.kubeconfig, "-o", file];
  const { status, stderr } = spawnSync(process.execPath, [plugin, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`report ended with ${status}: ${stderr}`);
  return readFileSync(file, "utf8");
}
