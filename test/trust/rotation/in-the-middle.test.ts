// A rotation in the middle: strangers' hands, who writes here, and how far it goes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../../trust/rotation/planner.ts";
import { reverseGoal } from "../../../trust/rotation/reverse-goal.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import { after, second } from "../../certificates/index.ts";
import { both, fresh, short, web } from "./on-the-way.ts";
import { told } from "./told.ts";
import {
  ago,
  component,
  controlPlane,
  goal,
  group,
  issuers,
  live,
  next,
  old,
  view,
  workload,
} from "./views.ts";

describe("strangers' hands in the middle", () => {
  const reissued = { ...fresh, workloads: [both], issuer: live(issuers.next, ago(30)) };

  test("the bundle has lost the incoming anchor: it comes back before anything else", () => {
    const seen = view({ ...reissued, bundle: { anchors: [old], changedAt: ago(5) } });
    assert.deepEqual(told(plan(seen, goal)), ["overlapping", "write-bundle"]);
  });

  test("the bundle has lost the outgoing anchor while leaves need it: that comes back too", () => {
    const { stage, steps } = plan(
      view({ ...reissued, bundle: { anchors: [next], changedAt: ago(5) } }),
      goal,
    );
    const [step] = steps;
    assert.deepEqual([stage, step?.kind === "write-bundle" && step.adds], ["overlapping", [old]]);
  });

  test("the Secret is gone: where everybody trusts the incoming anchor it is written anew", () => {
    const { issuer: _, ...gone } = view({ ...fresh, workloads: [both] });
    assert.deepEqual(told(plan(gone, goal)), ["overlapped", "write-issuer"]);
  });

  test("the Secret is gone: where somebody does not, the old one has to come back", () => {
    const { issuer: _, ...gone } = view({ ...fresh, workloads: [web({})] });
    const { steps, blocks } = plan(gone, goal);
    assert.deepEqual([steps.length, blocks.length], [0, 1]);
  });

  test("the issuer was swapped before anybody knew its anchor: identity, which skipped it, is restarted last", () => {
    const skipped = { at: ago(8), message: "unknown authority" };
    const issuer = { certificate: issuers.next, intermediates: [], changedAt: ago(9), skipped };
    const bundle = { anchors: [old, next], changedAt: ago(7) };
    const others = (made: Date) => [
      component("identity"),
      component("proxy-injector", made),
      component("destination", made),
    ];
    const seen = (more: Partial<RotationView>) => told(plan(view({ bundle, issuer, ...more }), goal));
    assert.deepEqual(told(plan(view({ issuer }), goal)), ["overlapping", "write-bundle"]);
    assert.deepEqual(seen({}), ["overlapping", "restart-component proxy-injector"]);
    const injects = { anchors: [old, next], at: ago(5) };
    assert.deepEqual(seen({ controlPlane: others(ago(6)), injects }), [
      "overlapping",
      "restart-workload emojivoto/deploy/web",
    ]);
    const workloads = [workload("a/deploy/b", [group([old, next], ago(4))])];
    assert.deepEqual(seen({ controlPlane: others(ago(6)), injects, workloads }), [
      "overlapping",
      "restart-component identity",
    ]);
  });

  test("identity does not take the issuer although it knows its anchor: that stops, with its words", () => {
    const skipped = { at: ago(1), message: "the key does not match" };
    const issuer = { certificate: issuers.next, intermediates: [], changedAt: ago(2), skipped };
    assert.deepEqual(told(plan(view({ ...reissued, issuer }), goal)), [
      "reissued",
      `blocked: identity did not take issuer "identity.linkerd.cluster.local" (${short(issuers.next)}): the key does not match`,
    ]);
  });

  test("which is no reason not to go back: the issuer before is written over it", () => {
    const skipped = { at: ago(1), message: "the key does not match" };
    const issuer = { certificate: issuers.next, intermediates: [], changedAt: ago(2), skipped };
    const back = reverseGoal(goal);
    const seen = view({ ...reissued, issuer });
    assert.deepEqual(told(plan(seen, back)), ["overlapped", "write-issuer"]);
    const { injects: _, ...unproven } = seen;
    assert.deepEqual(told(plan(unproven, back)), ["overlapping", "prove-injector"]);
  });

  test("nobody recorded when the bundle was changed: nobody can tell who has read it", () => {
    assert.match(
      told(plan(view({ bundle: { anchors: [old, next] } }), goal))[1] ?? "",
      /^blocked: the API server does not record/,
    );
  });
});

describe("who writes here", () => {
  const commit = { by: "commit", owner: "Argo CD", remedy: "Commit it to apps/linkerd." } as const;

  test("where its owner would write it back, a person commits it", () => {
    const { blocks, steps } = plan(view({ ways: { bundle: commit, issuer: commit } }), goal);
    assert.deepEqual(steps, []);
    assert.deepEqual(blocks, [
      {
        what: `Argo CD writes the trust bundle, and would write it back: add "next" (${short(next)}) where it reads`,
        remedy: commit.remedy,
      },
    ]);
  });

  test("where its owner writes it when asked, the step stays", () => {
    const owner = { by: "owner", owner: "trust-manager" } as const;
    assert.deepEqual(told(plan(view({ ways: { bundle: owner, issuer: owner } }), goal)), [
      "settled",
      "write-bundle",
    ]);
  });
});

describe("how far", () => {
  const reissued = view({ ...fresh, workloads: [both], issuer: live(issuers.next, ago(30)) });

  test("a goal that ends with a stage is done there", () => {
    assert.equal(plan(reissued, { ...goal, until: "reissued" }).done, true);
    assert.equal(plan(reissued, { ...goal, until: "overlapped" }).done, true);
    assert.equal(plan(view(), { ...goal, until: "overlapped" }).done, false);
  });

  test("an issuer that is written, and not proven to be in use, is not reissued yet", () => {
    const issuer = { certificate: issuers.next, intermediates: [], changedAt: ago(1) };
    assert.equal(plan({ ...reissued, issuer }, { ...goal, until: "reissued" }).done, false);
  });

  test("leaves may be waited for instead of restarted", () => {
    const { steps, waits } = plan(reissued, { ...goal, leaves: "wait" });
    assert.deepEqual(
      [steps, waits[0]?.until],
      [[], after(-30 * 60 * second + 24 * 3600 * second + 20 * second)],
    );
  });

  test("where handshakes showed new leaves nobody is restarted, and the guard, which sees none, is waited for", () => {
    const shown = { ...group([old, next], ago(40)), leafSeenAt: ago(10) };
    const seen = {
      ...reissued,
      controlPlane: controlPlane(ago(20)),
      workloads: [workload("a/deploy/b", [shown])],
    };
    const { stage, steps, waits, evidence } = plan(seen, goal);
    assert.deepEqual([stage, steps, waits.length], ["released", [], 1]);
    assert.match(
      evidence.join("\n"),
      /^handshake: a\/deploy\/b serves a leaf of "identity[^"]*" \([0-9a-f]{8}\), seen since \S+Z$/m,
    );
  });

  test("a leaf that was seen before all of identity signed with the new issuer shows nothing", () => {
    const early = { ...group([old, next], ago(40)), leafSeenAt: ago(30) };
    const seen = {
      ...reissued,
      controlPlane: controlPlane(ago(20)),
      workloads: [workload("a/deploy/b", [early])],
    };
    assert.equal(plan(seen, goal).stage, "reissued");
  });

  test("where our account may not look at leaves, it is said which permission is missing", () => {
    const bare = { kind: "bare-pod", remedy: "Make it anew." } as const;
    const seen = {
      ...reissued,
      controlPlane: controlPlane(ago(20)),
      workloads: [workload("a/pod/b", [group([old, next], ago(40))], { restartable: bare })],
      injects: { anchors: [old, next], at: ago(5) },
      leavesHiddenIn: ["a"],
    };
    const [block] = plan(seen, goal).blocks;
    assert.match(
      block?.remedy ?? "",
      /by then they have a new one\. .*: get and create pods\/portforward in a\.$/,
    );
  });

  test("lazily: proxies keep the dropped anchor until they are made anew for another reason", () => {
    const seen = view({
      bundle: { anchors: [next], changedAt: ago(10) },
      controlPlane: controlPlane(ago(9)),
      workloads: [workload("a/deploy/b", [group([old, next], ago(15))])],
      issuer: live(issuers.next, ago(30)),
    });
    assert.deepEqual(told(plan(seen, { ...goal, lazy: true })), ["renewed", "done"]);
  });

  test("each gate that holds is told with its evidence", () => {
    const { evidence } = plan(reissued, goal);
    assert.deepEqual(evidence, [
      `the trust bundle holds "next" (${short(next)}), last changed at 2026-06-01T11:00:00Z`,
      "the oldest pod of the control plane was made at 2026-06-01T11:05:00Z",
      "pods by dry-run got this bundle at 2026-06-01T11:10:00Z",
      `all running proxies of 1 workloads trust "next" (${short(next)})`,
      `identity signs with "identity.linkerd.cluster.local" (${short(issuers.next)}) since 2026-06-01T11:30:00Z: IssuerUpdated`,
    ]);
  });
});
