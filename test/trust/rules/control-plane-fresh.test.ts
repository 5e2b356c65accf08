// https://github.com/linkerd/linkerd2/issues/9022
import rule from "../../../trust/rules/control-plane-fresh.ts";
import { after, second } from "../../certificates/index.ts";
import { facts, root, unseen } from "../facts.ts";
import { trustRoots, written } from "../objects.ts";
import { controlPlanePod, identityPod, pod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const started = (afterBundle: number) => ({ startedAt: new Date(written.getTime() + afterBundle) });
const { metadata: made, ...undated } = trustRoots([root]);
const older = (what: string) => `${what} started before the trust bundle last changed`;

testRule(rule, {
  passes: {
    "every one started after the bundle": facts(),
    "a second after the bundle": facts({ mesh: [identityPod(started(second))] }),
    "an application's pod is older": facts({
      mesh: [identityPod(), pod({ bundle: [root], ...started(-second) })],
    }),
    "nobody recorded when the bundle changed, and of a state nothing is guessed": facts({
      bundle: undated,
      mesh: [identityPod(started(-second))],
    }),
    "installed in one second: no pod can have read what was there before": facts({
      bundle: { ...undated, metadata: { ...made, creationTimestamp: written.toISOString() } },
      mesh: [controlPlanePod("proxy-injector", started(0))],
    }),
    "nothing runs": facts({ mesh: [] }),
  },
  finds: {
    "identity started a second before the bundle": [
      facts({ mesh: [identityPod(started(-second)), controlPlanePod("destination")] }),
      {
        message: older("deploy/linkerd-identity"),
        detail: "the bundle changed at 2026-05-12T12:00:00Z",
      },
    ],
    "its container started again since, and its pod is older": [
      facts({ mesh: [identityPod({ createdAt: written, startedAt: after(0) })] }),
      older("deploy/linkerd-identity"),
    ],
    "in the same second, which is not surely after": [
      facts({ mesh: [controlPlanePod("proxy-injector", started(0))] }),
      older("deploy/linkerd-proxy-injector"),
    ],
    "one replica of two, and another workload": [
      facts({
        mesh: [
          identityPod(),
          identityPod(started(-second)),
          controlPlanePod("destination", started(-second)),
        ],
      }),
      older("deploy/linkerd-destination"),
      older("deploy/linkerd-identity"),
    ],
  },
  notAsked: {
    "where the mesh cannot be seen": facts({ mesh: unseen }),
    "where the ConfigMap cannot be read": facts({ bundle: unseen }),
  },
});
