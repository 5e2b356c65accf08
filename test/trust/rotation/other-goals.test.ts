// The issuer alone renewed; and what there was has expired.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IssuerGoal, RecoveryGoal } from "../../../trust/rotation/goal.ts";
import { plan } from "../../../trust/rotation/planner.ts";
import type { Component, RotationView } from "../../../trust/rotation/view.ts";
import * as certificates from "../../certificates/index.ts";
import { after, hour } from "../../certificates/index.ts";
import { opened } from "../opened.ts";
import { told } from "./told.ts";
import {
  ago,
  component,
  controlPlane,
  group,
  issuers,
  live,
  longAgo,
  minted,
  next,
  old,
  view,
  workload,
} from "./views.ts";

describe("another issuer under the same anchor", () => {
  const goal: IssuerGoal = { kind: "issuer", replaces: issuers.old.fingerprint };
  const renewed = opened(certificates.issuer(minted.old));
  const name = `"identity.linkerd.cluster.local" (${renewed.fingerprint.slice(0, 8)})`;
  const { oldestPodAt: _, ...identity } = component("identity");
  const down: Component = { ...identity, rollout: { state: "failed", desired: 1, ready: 0 } };
  const walk: readonly (readonly [title: string, view: RotationView, told: readonly string[]])[] = [
    ["is written", view(), ["overlapped", "write-issuer"]],
    [
      "then identity is to say that it signs with it",
      view({ issuer: { certificate: renewed, intermediates: [], changedAt: ago(1) } }),
      ["reissued", `wait for identity to say that it signs with ${name}`],
    ],
    [
      "or is restarted",
      view({ issuer: { certificate: renewed, intermediates: [], changedAt: ago(5) } }),
      ["reissued", "restart-component identity"],
    ],
    [
      "and that is all: nobody else is restarted",
      view({ issuer: live(renewed, ago(5)) }),
      ["renewed", "done"],
    ],
    [
      "an identity that could not start is started anew at once, for it may be left alone for minutes",
      view({
        controlPlane: [down],
        issuer: { certificate: renewed, intermediates: [], changedAt: ago(1) },
      }),
      ["reissued", "restart-component identity"],
    ],
    [
      "once",
      view({
        controlPlane: [{ ...down, rollout: { ...down.rollout, state: "rolling", restartedAt: ago(0.5) } }],
        issuer: { certificate: renewed, intermediates: [], changedAt: ago(1) },
      }),
      ["reissued", "wait for deploy/linkerd-identity to be rolled out"],
    ],
    [
      "where identity's pods are gone, and its Deployment has not noticed, new ones are waited for",
      view({ controlPlane: [{ ...identity, rollout: { state: "done", desired: 1, ready: 1 } }] }),
      ["overlapped", "wait for a pod of deploy/linkerd-identity"],
    ],
    [
      "scaled to nought it is for a person to bring back",
      view({ controlPlane: [{ ...identity, rollout: { state: "done", desired: 0, ready: 0 } }] }),
      ["overlapped", "blocked: no identity controller is running"],
    ],
    [
      "without identity there is nobody to sign",
      view({ controlPlane: [] }),
      ["overlapped", "blocked: no identity controller is running"],
    ],
  ];
  for (const [title, seen, expected] of walk) {
    test(title, () => assert.deepEqual(told(plan(seen, goal)), expected));
  }

  test("is written though identity cannot start, where the one before has expired", () => {
    const expired = opened(certificates.issuer(minted.old, { notAfter: after(-hour) }));
    const seen = view({ controlPlane: [down], issuer: live(expired) });
    const replacing = { ...goal, replaces: expired.fingerprint };
    assert.deepEqual(told(plan(seen, replacing)), ["overlapped", "write-issuer"]);
  });
});

describe("an issuer that only identity reads", () => {
  const goal: IssuerGoal = { kind: "issuer", replaces: issuers.old.fingerprint };

  for (const name of ["destination", "proxy-injector"])
    for (const state of ["failed", "rolling"] as const)
      test(`is renewed though ${name} is ${state}`, () => {
        const ailing = controlPlane().map((one) =>
          one.name === name ? { ...one, rollout: { state, desired: 1, ready: 0 } } : one,
        );
        assert.deepEqual(told(plan(view({ controlPlane: ailing }), goal)), ["overlapped", "write-issuer"]);
      });

  test("is written where none can be read, whether identity still runs or cannot start", () => {
    const { issuer: _, ...bare } = view();
    const { oldestPodAt: __, ...identity } = component("identity");
    const down: Component = { ...identity, rollout: { state: "failed", desired: 1, ready: 0 } };
    for (const seen of [bare, { ...bare, controlPlane: [down] }])
      assert.deepEqual(told(plan(seen, { kind: "issuer" })), ["overlapped", "write-issuer"]);
    assert.deepEqual(told(plan(view(), { kind: "issuer" })), ["renewed", "done"]);
  });

  test("and was not taken: the way back is named where there is one", () => {
    const skipped = { at: ago(1), message: "the key does not match" };
    const issuer = { certificate: issuers.next, intermediates: [], changedAt: ago(2), skipped };
    const remedy = (more: Partial<RotationView>) => plan(view({ issuer, ...more }), goal).blocks[0]?.remedy;
    assert.equal(remedy({}), "Mend what it says and write the issuer again.");
    assert.match(remedy({ keepsPrevious: true }) ?? "", /or go back to the one before: rotate rollback\.$/);
  });
});

describe("what there was has expired", () => {
  const goal: RecoveryGoal = { kind: "recovery", incoming: [next] };
  const expired = opened(certificates.anchor("expired", { notAfter: after(-hour) }));
  const broken = { state: "rolling", desired: 1, ready: 0 } as const;
  const dead = (more: Partial<RotationView> = {}) => {
    const crashing = controlPlane().map((one) => ({ ...one, rollout: broken }));
    const workloads = [workload("a/deploy/b", [group([expired])], { rollout: broken })];
    const ended = opened(certificates.issuer(minted.old, { notAfter: after(-hour) }));
    return view({
      bundle: { anchors: [expired], changedAt: longAgo },
      issuer: live(ended),
      controlPlane: crashing,
      workloads,
      ...more,
    });
  };
  const bundle = { anchors: [next], changedAt: ago(10) };
  const issuer = { certificate: issuers.next, intermediates: [], changedAt: ago(9) };

  test("the bundle is replaced, the expired anchor left out", () => {
    const [step] = plan(dead(), goal).steps;
    assert.deepEqual(step?.kind === "write-bundle" && [step.anchors, step.drops], [[next], [expired]]);
  });

  test("an anchor that is in date stays", () => {
    const [step] = plan(dead({ bundle: { anchors: [old, expired], changedAt: longAgo } }), goal).steps;
    assert.deepEqual(step?.kind === "write-bundle" && step.anchors, [old, next]);
  });

  test("then the issuer, at once", () => {
    assert.deepEqual(told(plan(dead({ bundle }), goal)), ["overlapping", "write-issuer"]);
  });

  test("then identity, though it is rolling: it is broken, not on its way", () => {
    assert.deepEqual(told(plan(dead({ bundle, issuer }), goal)), ["reissued", "restart-component identity"]);
  });

  test("but not again, while the restart is under way", () => {
    const restarted = { ...component("identity"), rollout: { ...broken, restartedAt: ago(8) } };
    const seen = dead({ bundle, issuer, controlPlane: [restarted] });
    assert.deepEqual(told(plan(seen, goal)), [
      "reissued",
      "wait for deploy/linkerd-identity to be rolled out",
    ]);
  });

  test("then the injector and destination, the proof, and every workload, broken or not", () => {
    const inUse = { since: ago(7), evidence: "its pods were made anew" };
    const seen = dead({ bundle, issuer: { ...issuer, inUse }, controlPlane: controlPlane(ago(8)) });
    assert.deepEqual(told(plan(seen, goal)), ["reissued", "prove-injector"]);
    const injects = { anchors: [next], at: ago(6) };
    assert.deepEqual(told(plan({ ...seen, injects }, goal)), ["reissued", "restart-workload a/deploy/b"]);
  });

  test("and that is all", () => {
    const inUse = { since: ago(7), evidence: "its pods were made anew" };
    const seen = dead({
      bundle,
      issuer: { ...issuer, inUse },
      controlPlane: controlPlane(ago(8)),
      injects: { anchors: [next], at: ago(6) },
      workloads: [workload("a/deploy/b", [group([next], ago(5))])],
    });
    assert.deepEqual(told(plan(seen, goal)), ["renewed", "done"]);
  });

  test("without a bundle or a Secret it begins all the same", () => {
    const { bundle: _, issuer: __, ...bare } = dead();
    assert.deepEqual(told(plan(bare, goal)), ["settled", "write-bundle"]);
  });

  test("where nothing has expired it does not begin", () => {
    assert.match(told(plan(view(), goal))[1] ?? "", /^blocked: issuer .* nothing has expired$/);
  });
});
