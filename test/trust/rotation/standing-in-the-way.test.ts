// What stands in the way of a rotation, and what is said of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../../trust/rotation/planner.ts";
import { unsoundIssuer } from "../../../trust/rotation/soundness.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import * as certificates from "../../certificates/index.ts";
import { after, day, now, second } from "../../certificates/index.ts";
import { opened } from "../opened.ts";
import { both, fresh, short, waved, web } from "./on-the-way.ts";
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
  rolledOut,
  third,
  view,
  workload,
} from "./views.ts";

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

  test("one of the control plane under way is waited for before the next begins", () => {
    const rollout = { ...rolledOut, state: "rolling" } as const;
    const components = [{ ...component("identity", ago(55)), rollout }, component("proxy-injector")];
    assert.deepEqual(waved([web({})], { controlPlane: components }), [
      "overlapping",
      "wait for deploy/linkerd-identity to be rolled out",
    ]);
  });

  test("a pod of the second in which identity began to sign may have been served before", () => {
    const reissued = { controlPlane: controlPlane(ago(20)), issuer: live(issuers.next, ago(30)) };
    const injects = { anchors: [old, next], at: ago(20) };
    const same = workload("a/deploy/web", [group([old, next], ago(30))]);
    assert.deepEqual(waved([same], { ...reissued, injects }), ["reissued", "restart-workload a/deploy/web"]);
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
    assert.equal(begin({}, [])[1], "blocked: there is no incoming anchor");
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
