// https://github.com/linkerd/linkerd2/issues/9022: the bundle was changed, nothing was restarted, and
// the issuer was switched all the same.
import rule from "../../../trust/rules/issuer-trusted-by-proxies.ts";
import { after, anchor, issuer, second } from "../../certificates/index.ts";
import { called, change, facts, healthyIssuer, root, type State, unseen } from "../facts.ts";
import { trustRoots, written } from "../objects.ts";
import { controlPlanePod, identityPod, pod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const next = anchor("next root");
const third = anchor("third root");
const nextIssuer = issuer(next);
const endedIssuer = issuer(root, { notAfter: after(-second) });
const short = (one: typeof root) => one.fingerprint.slice(0, 8);
const holds = (...ids: string[]) =>
  `proxies that hold bundle ${ids.sort().join("+")} do not trust the issuer`;

const old = pod({ bundle: [root] });
const fresh = pod({ bundle: [root, next], owner: ["statefulset", "db"] });
const both: State = { bundle: trustRoots([root, next]), mesh: [identityPod(), fresh] };
const reissue = { issuer: nextIssuer };
const early = controlPlanePod("destination", { startedAt: written });
const stale = (workload: string) =>
  `${workload} started before the trust bundle last changed, so its proxy may not trust issuer ${called(nextIssuer)}`;
const { managedFields: _, ...unmanaged } = trustRoots([root, next]).metadata ?? {};
const undated = { ...trustRoots([root, next]), metadata: unmanaged };

testRule(rule, {
  passes: {
    "every proxy holds the new anchor": change(both, reissue),
    "an issuer of the anchor that everyone has": change({ ...both, mesh: [old] }, { issuer: issuer(root) }),
    "a state in which all is well": facts(),
    "the control plane's proxies started after the bundle": change(
      { ...both, mesh: [controlPlanePod("destination")] },
      reissue,
    ),
    "a stale control plane, and an issuer of the anchor it knows": change(
      { ...both, mesh: [early] },
      { issuer: issuer(root) },
    ),
    "a stale control plane, and an issuer that chains to nothing, which is another matter": change(
      { ...both, mesh: [early] },
      { issuer: issuer(third) },
    ),
    "nobody runs": change({ ...both, mesh: [] }, reissue),
  },
  finds: {
    "a workload has not been restarted since the bundle changed": [
      change({ ...both, mesh: [old, fresh] }, reissue),
      {
        message: holds(short(root)),
        detail: `issuer ${called(nextIssuer)}; restart emojivoto/deploy/web`,
      },
    ],
    "two generations of pods lack it": [
      change({ ...both, mesh: [old, pod({ bundle: [root, third] }), fresh] }, reissue),
      ...[holds(short(root)), holds(short(root), short(third))].sort(),
    ],
    "many workloads hold the old bundle": [
      change(
        {
          ...both,
          mesh: "abcde".split("").map((name) => pod({ bundle: [root], owner: ["deployment", name] })),
        },
        reissue,
      ),
      {
        message: holds(short(root)),
        detail: `issuer ${called(nextIssuer)}; restart emojivoto/deploy/a, emojivoto/deploy/b, emojivoto/deploy/c and 2 more`,
      },
    ],
    "a proxy that was injected with nothing is cut off already": [
      change({ ...both, mesh: [pod({ bundle: "" })] }, reissue),
      { message: holds("none"), severity: "warn" },
    ],
    "a tenant's pod that trusts the very certificate of the issuer, and so no other": [
      change(
        { ...both, mesh: [fresh, pod({ namespace: "tenant", bundle: [healthyIssuer] })] },
        { issuer: issuer(root, { name: "renewed" }) },
      ),
      { message: holds(short(healthyIssuer)), severity: "warn" },
    ],
    "a tenant's pod that holds what this mesh never trusted is cut off already": [
      change({ ...both, mesh: [fresh, pod({ namespace: "tenant", bundle: [third] })] }, reissue),
      { message: holds(short(third)), severity: "warn" },
    ],
    "a pod that trusts the issuer so far, while the bundle is lost": [
      change({ bundle: undefined, mesh: [old] }, reissue),
      holds(short(root)),
    ],
    "a pod that trusts neither issuer, while the bundle is lost": [
      change({ bundle: undefined, mesh: [pod({ bundle: [third] })] }, reissue),
      { message: holds(short(third)), severity: "warn" },
    ],
    "a pod that holds nothing but the anchor that the write before dropped, and the issuer is of": [
      change({ bundle: trustRoots([next]), mesh: [old] }, reissue),
      { message: holds(short(root)), severity: "warn" },
    ],
    "the issuer so far has expired, so this may be the cure, and is let through": [
      change({ ...both, mesh: [old], issuer: endedIssuer }, reissue),
      { message: holds(short(root)), severity: "warn" },
    ],
    "a state in which pods hold what this mesh does not trust: nothing tells what it trusted": [
      facts({ mesh: [pod({ namespace: "tenant", bundle: [third] })] }),
      holds(short(third)),
    ],
    "a state in which the issuer was switched too early": [
      facts({ ...both, issuer: nextIssuer, mesh: [old] }),
      holds(short(root)),
    ],
    "destination's container started again since, and its pod is older": [
      change(
        { ...both, mesh: [controlPlanePod("destination", { createdAt: written, startedAt: after(0) })] },
        reissue,
      ),
      stale("deploy/linkerd-destination"),
    ],
    "nobody recorded when the bundle changed, so it may have been a moment ago": [
      change({ ...both, bundle: undated, mesh: [controlPlanePod("destination")] }, reissue),
      stale("deploy/linkerd-destination"),
    ],
    "destination has not been restarted since the bundle changed": [
      change({ ...both, mesh: [early] }, reissue),
      {
        message: stale("deploy/linkerd-destination"),
        detail: "restart deploy/linkerd-destination",
      },
    ],
  },
  notAsked: {
    "where the mesh cannot be seen": change({ ...both, mesh: unseen }, reissue),
    "where there is no issuer": facts({ issuer: undefined }),
  },
});
