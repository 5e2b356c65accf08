import { moment } from "../naming.ts";
import { defineRule } from "../rule.ts";

// `linkerd check` looks at no pod of the control plane, so nobody else says this.
export default defineRule({
  id: "control-plane-fresh",
  severity: "warn",
  summary: "the control plane started after the trust bundle last changed",
  breaks: "Identity skips issuers of a new anchor, and the control plane's proxies refuse new leaves.",
  remedy: "Restart linkerd-identity, then linkerd-proxy-injector, then linkerd-destination.",
  needs: ["mesh", "trustRoots"],
  scope: "state",

  check({ mesh, trustRoots: { changedAt, asMade } }) {
    if (changedAt === undefined) return [];
    // An install makes both within a second, and a pod waits for its ConfigMap.
    const stale = (createdAt: Date) => createdAt < changedAt || (!asMade && createdAt <= changedAt);
    return mesh.controlPlane
      .filter(({ createdAt }) => stale(createdAt))
      .map(({ workload }) => ({
        message: `${workload} started before the trust bundle last changed`,
        detail: `the bundle changed at ${moment(changedAt)}`,
      }));
  },
});
