import assert from "node:assert/strict";
import { connect } from "../../cluster/connect.ts";
import { takeLease } from "../../cluster/rotation/lease/lease.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";

/** Does the work while joe@server is at a rotation of this cluster. */
export async function whileSomebodyElseIsAtIt(cp: ControlPlane, work: () => Promise<void>): Promise<void> {
  const cluster = await connect({ kubeconfig: cp.kubeconfig });
  const host = { name: "server", user: "joe", machine: "m2", pid: 1, isRunning: () => true };
  const applicant = { user: "joe", host, purpose: "rotate anchor", session: "s" };
  const taken = await takeLease(cluster, { namespace: "linkerd", clock: () => new Date(), applicant });
  assert.ok(taken.outcome === "taken");
  try {
    await work();
  } finally {
    await taken.lease.release();
    cluster.close();
  }
}
