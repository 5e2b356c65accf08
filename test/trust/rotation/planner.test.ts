import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../../trust/rotation/planner.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import { told } from "./told.ts";
import { ago, controlPlane, goal, group, issuers, live, next, old, view, workload } from "./views.ts";

const both = { anchors: [old, next], changedAt: ago(60) };
const proven = { anchors: [old, next], at: ago(50) };
const web = (anchors: RotationView["workloads"][number]["proxies"][number]["anchors"], made = ago(40)) => [
  workload("emojivoto/deploy/web", [group(anchors, made)]),
];

describe("from one anchor to another, in this order", () => {
  const walk: readonly (readonly [title: string, view: RotationView, told: readonly string[]])[] = [
    ["nothing has begun: the bundle gets both", view(), ["settled", "write-bundle"]],
    ["then identity reads it", view({ bundle: both }), ["overlapping", "restart-component identity"]],
    [
      "then it is proven what new pods get",
      view({ bundle: both, controlPlane: controlPlane(ago(55)) }),
      ["overlapping", "prove-injector"],
    ],
    [
      "then those who trust only the old anchor are made anew",
      view({ bundle: both, controlPlane: controlPlane(ago(55)), injects: proven }),
      ["overlapping", "restart-workload emojivoto/deploy/web"],
    ],
    [
      "then the issuer is written",
      view({
        bundle: both,
        controlPlane: controlPlane(ago(55)),
        injects: proven,
        workloads: web([old, next]),
      }),
      ["overlapped", "write-issuer"],
    ],
    [
      "then identity is to say that it signs with it",
      view({
        bundle: both,
        controlPlane: controlPlane(ago(55)),
        injects: proven,
        workloads: web([old, next]),
        issuer: { certificate: issuers.next, intermediates: [], changedAt: ago(1) },
      }),
      [
        "reissued",
        `wait for identity to say that it signs with "identity.linkerd.cluster.local" (${issuers.next.fingerprint.slice(0, 8)})`,
      ],
    ],
    [
      "or is restarted, where it does not for two minutes",
      view({
        bundle: both,
        controlPlane: controlPlane(ago(55)),
        injects: proven,
        workloads: web([old, next]),
        issuer: { certificate: issuers.next, intermediates: [], changedAt: ago(3) },
      }),
      ["reissued", "restart-component identity"],
    ],
    [
      "then leaves of the old issuer go: the control plane's first",
      view({
        bundle: both,
        controlPlane: controlPlane(ago(55)),
        injects: proven,
        workloads: web([old, next]),
        issuer: live(issuers.next, ago(30)),
      }),
      ["reissued", "restart-component identity"],
    ],
    [
      "and then the workloads'",
      view({
        bundle: both,
        controlPlane: controlPlane(ago(20)),
        injects: { ...proven, at: ago(20) },
        workloads: web([old, next]),
        issuer: live(issuers.next, ago(30)),
      }),
      ["reissued", "restart-workload emojivoto/deploy/web"],
    ],
    [
      "then the old anchor leaves the bundle",
      view({
        bundle: both,
        controlPlane: controlPlane(ago(20)),
        injects: { ...proven, at: ago(20) },
        workloads: web([old, next], ago(15)),
        issuer: live(issuers.next, ago(30)),
      }),
      ["released", "write-bundle"],
    ],
    [
      "and the control plane",
      view({
        bundle: { anchors: [next], changedAt: ago(10) },
        controlPlane: controlPlane(ago(20)),
        workloads: web([old, next], ago(15)),
        issuer: live(issuers.next, ago(30)),
      }),
      ["dropping", "restart-component identity"],
    ],
    [
      "and the workloads",
      view({
        bundle: { anchors: [next], changedAt: ago(10) },
        controlPlane: controlPlane(ago(9)),
        injects: { anchors: [next], at: ago(8) },
        workloads: web([old, next], ago(15)),
        issuer: live(issuers.next, ago(30)),
      }),
      ["dropping", "restart-workload emojivoto/deploy/web"],
    ],
    [
      "and that is all",
      view({
        bundle: { anchors: [next], changedAt: ago(10) },
        controlPlane: controlPlane(ago(9)),
        injects: { anchors: [next], at: ago(8) },
        workloads: web([next], ago(5)),
        issuer: live(issuers.next, ago(30)),
      }),
      ["renewed", "done"],
    ],
  ];
  for (const [title, seen, expected] of walk) {
    test(title, () => assert.deepEqual(told(plan(seen, goal)), expected));
  }
});

describe("the end", () => {
  const ending = (state: "rolling" | "failed", restartedAt = ago(5)) =>
    plan(
      view({
        bundle: { anchors: [next], changedAt: ago(10) },
        controlPlane: controlPlane(ago(9)),
        injects: { anchors: [next], at: ago(8) },
        workloads: [
          workload("emojivoto/deploy/web", [group([next], ago(5))], {
            rollout: { state, desired: 2, ready: 1, restartedAt },
          }),
        ],
        issuer: live(issuers.next, ago(30)),
      }),
      goal,
    );

  test("waits for the last roll-out, though nobody is stale any more", () => {
    const { done, waits, blocks } = ending("rolling");
    assert.deepEqual([done, waits.length, blocks.length], [false, 1, 0]);
  });

  test("tells which one does not come up", () => {
    const { done, blocks } = ending("failed");
    assert.equal(done, false);
    assert.match(String(blocks[0]?.what), /^emojivoto\/deploy\/web does not come up/);
  });

  test("does not wait for a roll-out that was begun before", () => {
    assert.equal(ending("rolling", ago(60)).done, true);
  });
});
