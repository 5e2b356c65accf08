// What stands in the way of a rotation, and what is said of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../../trust/rotation/planner.ts";
import { unsoundIssuer } from "../../../trust/rotation/soundness.ts";
import type { RotationView, Workload } from "../../../trust/rotation/view.ts";
import * as certificates from "../../certificates/index.ts";
import { after, day, now, second } from "../../certificates/index.ts";
import { told } from "./told.ts";
import {
  ago,
  component,
  controlPlane,
  goal,
  group,
  issuers,
  live,
  minted,
  next,
  old,
  opened,
  rolledOut,
  third,
  view,
  workload,
} from "./views.ts";

const short = ({ fingerprint }: { readonly fingerprint: string }) => fingerprint.slice(0, 8);
const fresh = {
  bundle: { anchors: [old, next], changedAt: ago(60) },
  controlPlane: controlPlane(ago(55)),
  injects: { anchors: [old, next], at: ago(50) },
};
/** Everything but the workloads trusts both. */
const waved = (workloads: readonly Workload[], more: Partial<RotationView> = {}) =>
  told(plan(view({ ...fresh, workloads, ...more }), goal));
const web = (more: Partial<Workload>, anchors = [old]) => workload("a/deploy/web", [group(anchors)], more);
const both = workload("a/deploy/both", [group([old, next], ago(40))]);
const failed = { state: "failed", desired: 2, ready: 1, trouble: "BackOff" } as const;

describe("workloads that only a person can restart", () => {
  const restartable = { kind: "paused", remedy: "Resume it." } as const;

  test("block with what to do, and the rest of the wave goes on", () => {
    const plans = plan(
      view({ ...fresh, workloads: [web({ restartable }), workload("b/deploy/c", [group([old])])] }),
      goal,
    );
    assert.deepEqual(told(plans), [
      "overlapping",
      "restart-workload b/deploy/c",
      "blocked: a/deploy/web cannot be restarted (paused); its proxies do not trust the incoming anchor",
    ]);
    assert.equal(plans.blocks[0]?.remedy, "Resume it.");
  });

  test("do not block where their proxies are not stale", () => {
    assert.deepEqual(waved([web({ restartable }, [old, next])]), ["overlapped", "write-issuer"]);
  });

  test("do not block where they were cut off before: they share no anchor with this mesh", () => {
    assert.deepEqual(waved([web({ restartable }, [third])]), ["overlapped", "write-issuer"]);
  });

  test("are waited for where they are jobs, which end", () => {
    assert.deepEqual(waved([web({ restartable: { kind: "job", remedy: "Wait." } })]), [
      "overlapping",
      "wait for a/deploy/web to end; its proxies do not trust the incoming anchor",
    ]);
  });

  test("may also wait for their leaves to end", () => {
    const seen = view({
      ...fresh,
      controlPlane: controlPlane(ago(20)),
      injects: { anchors: [old, next], at: ago(20) },
      workloads: [web({ restartable }, [old, next])],
      issuer: live(issuers.next, ago(30)),
    });
    const { blocks, stage } = plan(seen, goal);
    assert.equal(stage, "reissued");
    assert.equal(
      blocks[0]?.remedy,
      "Resume it. Or wait until 2026-06-02T11:30:20Z: by then they have a new one.",
    );
  });
});

describe("roll-outs", () => {
  test("one under way is waited for, and not restarted on top of it", () => {
    const rollout = { ...rolledOut, state: "rolling" } as const;
    assert.deepEqual(waved([web({ rollout })]), ["overlapping", "wait for a/deploy/web to be rolled out"]);
  });

  test("one that failed stops the wave: no other begins, and it is said which one and why", () => {
    assert.deepEqual(waved([web({ rollout: failed }, [old, next]), workload("b/deploy/c", [group([old])])]), [
      "overlapping",
      "blocked: a/deploy/web does not come up: BackOff",
    ]);
  });

  test("one that failed stops nothing where nothing is left to restart", () => {
    assert.deepEqual(waved([web({ rollout: failed }, [old, next])]), ["overlapped", "write-issuer"]);
  });

  test("the last old pod is waited for, and nobody is restarted because of it", () => {
    const ending = { ...group([old]), terminating: true as const };
    assert.deepEqual(waved([workload("a/deploy/b", [ending, group([old, next], ago(40))])]), [
      "overlapping",
      "wait for the last old pod of a/deploy/b to end",
    ]);
    const identity = { ...component("identity"), terminating: true as const };
    assert.deepEqual(waved([both], { controlPlane: [identity] }), [
      "overlapping",
      "wait for the last old pod of deploy/linkerd-identity to end",
    ]);
  });

  test("one of the control plane that failed stops all", () => {
    const identity = { ...component("identity", ago(55)), rollout: failed };
    assert.deepEqual(waved([web({})], { controlPlane: [identity] }), [
      "overlapping",
      "blocked: deploy/linkerd-identity does not come up: BackOff",
    ]);
  });

  test("who was made anew and got the old bundle all the same is not restarted again and again", () => {
    assert.deepEqual(waved([workload("a/deploy/b", [group([old], ago(10))])]), [
      "overlapping",
      "blocked: a/deploy/b was made anew, and its proxies got another bundle than others do; its proxies do not trust the incoming anchor",
    ]);
  });
});

describe("before the first write", () => {
  const begin = (more: Partial<RotationView>, incoming = [next]) =>
    told(plan(view(more), { ...goal, incoming }));
  const anchor = (spoil: certificates.Spoil) => opened(certificates.anchor("incoming", spoil));

  test("an anchor that is none, or no longer, or not yet", () => {
    const unsound = [
      anchor({ basicConstraints: false }),
      anchor({ notAfter: after(-second) }),
      anchor({ notBefore: after(day) }),
    ];
    for (const one of unsound) assert.match(begin({}, [one])[1] ?? "", /^blocked: anchor "incoming"/);
    assert.deepEqual(
      begin({}, []),
      ["settled", "blocked: there is no incoming anchor"].with(0, begin({}, [])[0] ?? ""),
    );
  });

  test("an anchor made a moment ahead of the cluster's clock is no mistake", () => {
    assert.deepEqual(begin({}, [anchor({ notBefore: after(30 * second) })]), ["settled", "write-bundle"]);
  });

  test("no bundle, no identity, or an issuer that has expired: all there is to do is recover", () => {
    const { bundle: _, ...bare } = view();
    const expired = opened(certificates.issuer(minted.old, { notAfter: after(-second) }));
    const seen = [bare, view({ controlPlane: [] }), view({ issuer: live(expired) })];
    for (const one of seen) {
      const { steps, blocks } = plan(one, goal);
      assert.equal(steps.length, 0);
      assert.match(blocks[0]?.remedy ?? "", /recover expired/);
    }
  });

  test("an issuer of an anchor that this rotation does not know", () => {
    const bundle = { anchors: [old, third], changedAt: ago(60) };
    assert.deepEqual(begin({ bundle, issuer: live(issuers.third) }), [
      "settled",
      `blocked: issuer "identity.linkerd.cluster.local" (${short(issuers.third)}) chains to "third" (${short(third)}), which this rotation neither brings nor takes away`,
    ]);
  });

  test("the issuer that is to be written: another anchor's, or one that outlives its own", () => {
    const issuer = (certificate: typeof old) => ({ certificate, intermediates: [] });
    assert.deepEqual(unsoundIssuer(issuer(issuers.next), [next], now), []);
    assert.match(
      unsoundIssuer(issuer(issuers.old), [next], now)[0]?.what ?? "",
      /does not chain to an incoming anchor$/,
    );
    const late = opened(certificates.issuer(minted.next, { notAfter: after(20 * 365 * day) }));
    assert.match(unsoundIssuer(issuer(late), [next], now)[0]?.what ?? "", /after its anchor: "next"/);
  });
});

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
    assert.deepEqual(told(plan(view({ issuer }), goal)), ["settled", "write-bundle"].with(0, "overlapping"));
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
    const shown = { ...group([old, next], ago(40)), leafOfLiveIssuer: true };
    const seen = {
      ...reissued,
      controlPlane: controlPlane(ago(20)),
      workloads: [workload("a/deploy/b", [shown])],
    };
    const { stage, steps, waits } = plan(seen, goal);
    assert.deepEqual([stage, steps, waits.length], ["released", [], 1]);
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
