import { createHash } from "node:crypto";
import type { ControlPlaneProxy, HeldBundle, MeshView } from "../facts.ts";
import { type Certificate, readBundle } from "../x509/index.ts";
import type { MeshedProxy } from "./proxy.ts";

/** The mesh as its running proxies show it: who holds which bundle, and since when. */
export function viewMesh(proxies: Iterable<MeshedProxy>): MeshView {
  const byText = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  const controlPlane = new Map<string, Date>();
  let oldest: MeshView["oldest"];
  let identity: MeshView["identity"];
  let outside = 0;

  for (const proxy of proxies) {
    const { startedAt, createdAt, component, bundle } = proxy;
    const workload = component === undefined ? `${proxy.namespace}/${proxy.workload}` : proxy.workload;
    if (component === undefined) outside++;
    if (bundle !== undefined) {
      counts.set(bundle, (counts.get(bundle) ?? 0) + 1);
      byText.set(bundle, (byText.get(bundle) ?? new Set()).add(workload));
    } else if (component !== undefined && createdAt !== undefined) {
      controlPlane.set(workload, earlier(controlPlane.get(workload), createdAt));
    }
    if (startedAt !== undefined && (oldest === undefined || startedAt < oldest.startedAt)) {
      oldest = { startedAt, workload };
    }
    if (
      proxy.identity !== undefined &&
      createdAt !== undefined &&
      !(identity && identity.createdAt <= createdAt)
    ) {
      identity = { createdAt, ...proxy.identity };
    }
  }

  return {
    controlPlane: [...controlPlane]
      .map(([workload, createdAt]): ControlPlaneProxy => ({ workload, createdAt }))
      .sort(byWorkload),
    held: mergeBySet(byText, counts),
    proxies: outside,
    ...(identity === undefined ? {} : { identity }),
    ...(oldest === undefined ? {} : { oldest }),
  };
}

// Two texts of the same anchors are the same bundle: order, comments and line ends do not matter.
function mergeBySet(byText: Map<string, Set<string>>, counts: Map<string, number>): HeldBundle[] {
  const merged = new Map<
    string,
    { anchors: readonly Certificate[]; workloads: Set<string>; proxies: number }
  >();
  for (const [text, workloads] of byText) {
    const { anchors } = readBundle(text);
    const id = bundleId(anchors);
    const one = merged.get(id) ?? { anchors, workloads: new Set<string>(), proxies: 0 };
    for (const workload of workloads) one.workloads.add(workload);
    one.proxies += counts.get(text) ?? 0;
    merged.set(id, one);
  }
  return [...merged]
    .map(([id, one]) => ({
      id,
      anchors: one.anchors,
      workloads: [...one.workloads].sort(),
      proxies: one.proxies,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Names a set of anchors by their short fingerprints, the same for every order and repetition. */
export function bundleId(anchors: readonly Certificate[]): string {
  const whole = [...new Set(anchors.map((anchor) => anchor.fingerprint))].sort();
  if (whole.length === 0) return "none";
  if (whole.length <= 3) return whole.map((fingerprint) => fingerprint.slice(0, 8)).join("+");
  const digest = createHash("sha256").update(whole.join()).digest("hex").slice(0, 8);
  return `${digest} (${whole.length} anchors)`;
}

function earlier(a: Date | undefined, b: Date): Date {
  return a !== undefined && a < b ? a : b;
}

function byWorkload(a: ControlPlaneProxy, b: ControlPlaneProxy): number {
  return a.workload < b.workload ? -1 : 1;
}
