// https://github.com/linkerd/linkerd2/issues/9022: the bundle was changed, nothing was restarted, and
// the issuer was switched all the same.
import rule from "../../../trust/rules/issuer-trusted-by-proxies.ts";
import { after, anchor, issuer, second } from "../../certificates/index.ts";
import { called, change, facts, root, type State, unseen } from "../facts.ts";
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
    "a proxy that was injected with nothing trusts nothing": [
      change({ ...both, mesh: [pod({ bundle: "" })] }, reissue),
      holds("none"),
    ],
    "the issuer so far has expired, so this may be the cure, and is let through": [
      change({ ...both, mesh: [old], issuer: endedIssuer }, reissue),
      { message: holds(short(root)), severity: "warn" },
    ],
    "a state in which the issuer was switched too early": [
      facts({ ...both, issuer: nextIssuer, mesh: [old] }),
      holds(short(root)),
    ],
    "destination has not been restarted since the bundle changed": [
      change({ ...both, mesh: [early] }, reissue),
      {
        message: `deploy/linkerd-destination started before the trust bundle last changed, so its proxy may not trust issuer ${called(nextIssuer)}`,
        detail: "restart deploy/linkerd-destination",
      },
    ],
  },
  notAsked: {
    "where the mesh cannot be seen": change({ ...both, mesh: unseen }, reissue),
    "where there is no issuer": facts({ issuer: undefined }),
  },
});
