import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bundlePlugin } from "../../plugin/build.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { startInjector } from "../cluster/injector.ts";
import { installLinkerd } from "../cluster/linkerd.ts";
import { addWorkloads, authority, installation } from "../rotation/mesh.ts";
import type { Figure } from "./figures.ts";
import { progress } from "./progress.ts";

export interface Mesh {
  readonly workloads: number;
  /** How many restart at once. */
  readonly parallel: number;
}

/**
 * A pass of restarts over all workloads, by the rotation beside the floor: a script that restarts each with
 * `kubectl rollout restart` and waits with `kubectl rollout status`, as many at once. The floor goes first and last.
 */
export async function measureRotation(folder: string, { workloads, parallel }: Mesh): Promise<Figure[]> {
  await bundlePlugin(join(folder, "dist"));
  const cp = await startControlPlane();
  try {
    const old = authority("old");
    await installLinkerd(cp, installation(old));
    await startInjector(cp);
    progress(`${workloads} workloads are made`);
    await addWorkloads(cp, { workloads, replicas: 1, perNamespace: 50 });
    progress("kubectl restarts them");
    const first = await floor(cp, parallel);
    progress("the rotation restarts them");
    const ours = await wave(cp, folder, parallel);
    progress("kubectl restarts them again");
    const last = await floor(cp, parallel);
    return [
      {
        section: "rotation",
        what: `${workloads} workloads restarted, ${parallel} at once`,
        unit: "ms",
        guard: ours,
        peer: (first + last) / 2,
        goal: { kind: "ratio at most", limit: 1.1 },
      },
    ];
  } finally {
    await cp.stop();
  }
}

/** Milliseconds for all Deployments outside the control plane. */
async function floor(cp: ControlPlane, parallel: number): Promise<number> {
  const { stdout } = await cp.kubectl([
    ...["get", "deployments", "-A", "-o"],
    'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{"\\n"}{end}',
  ]);
  const names = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("linkerd "));
  const script = 'kubectl -n "$0" rollout restart deploy "$1" && kubectl -n "$0" rollout status deploy "$1"';
  const began = performance.now();
  const child = spawn("xargs", ["-P", String(parallel), "-n", "2", "sh", "-ec", script], {
    env: { ...process.env, HOME: cp.dir, KUBECONFIG: cp.kubeconfig, PATH: pathWith(cp.binaries.kubectl) },
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end(names.join("\n"));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the floor ended in ${code}`);
  return performance.now() - began;
}

/** Milliseconds from the first restart of a workload until all trust both anchors. */
async function wave(cp: ControlPlane, folder: string, parallel: number): Promise<number> {
  const dir = join(folder, "new-anchor");
  mkdirSync(dir);
  const next = authority("new");
  writeFileSync(join(dir, "ca.crt"), next.anchor.pem);
  writeFileSync(join(dir, "ca.key"), next.anchor.keyPem, { mode: 0o600 });
  const words = [
    ...["rotate", "anchor", "--anchor", join(dir, "ca.crt"), "--ca-key", join(dir, "ca.key"), "--yes"],
    ...["--pause-after", "overlapped", "--max-parallel", String(parallel), "-o", "json"],
  ];
  const child = spawn(process.execPath, [join(folder, "dist", "kubectl-linkerd_certs.cjs"), ...words], {
    env: { HOME: folder, KUBECONFIG: cp.kubeconfig, PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  let [began, ended] = [0, 0];
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as { type: string; stage?: string; step?: { kind: string } }; // docs/rotation-json.md
    if (line.type === "step-begun" && line.step?.kind === "restart-workload") began ||= performance.now();
    if (line.type === "stage" && line.stage === "overlapped") ended = performance.now();
  });
  const [code] = await once(child, "close");
  if (code !== 0 || began === 0 || ended === 0) throw new Error(`the rotation ended in ${code}: ${said}`);
  return ended - began;
}

const pathWith = (program: string) => `${join(program, "..")}:${process.env["PATH"]}`;
