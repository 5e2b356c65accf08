import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { comingAfter } from "../../../trust/rotation/anchors.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import { goalFromJson, goalToJson } from "../../../trust/rotation/goal-json.ts";
import { inferGoal } from "../../../trust/rotation/infer-goal.ts";
import { reverseGoal } from "../../../trust/rotation/reverse-goal.ts";
import * as certificates from "../../certificates/index.ts";
import { after, day } from "../../certificates/index.ts";
import { opened } from "../opened.ts";
import { ago, goal, group, issuers, live, next, old, third, view, workload } from "./views.ts";

const names = (some: Goal | undefined) =>
  some?.kind === "anchor" ? [some.incoming, some.outgoing].map((list) => list.map(({ name }) => name)) : some;

describe("a goal as JSON", () => {
  const goals: readonly Goal[] = [
    goal,
    { ...goal, outgoing: [], leaves: "wait", lazy: true, until: "overlapped" },
    { kind: "issuer", replaces: issuers.old.fingerprint },
    { kind: "issuer" },
    { kind: "recovery", incoming: [next, third] },
  ];
  for (const one of goals) {
    test(`${one.kind} comes back as it was`, () => assert.deepEqual(goalFromJson(goalToJson(one)), one));
  }

  test("is read by whoever looks: its anchors are PEM", () => {
    assert.match(goalToJson(goal), /"incoming": "-----BEGIN CERTIFICATE-----\\n[A-Za-z0-9+/]{64}\\n/);
  });

  const { lazy: _, ...without } = JSON.parse(goalToJson(goal));
  const spoiled: Readonly<Record<string, readonly [text: string, wrong: string]>> = {
    "no JSON": ["{", "it is not a JSON object"],
    "a list": ["[]", "it is not a JSON object"],
    "another kind": ['{"kind":"toString"}', "its kind is not one of anchor, issuer, recovery"],
    "a field more": [
      JSON.stringify({ kind: "issuer", replaces: "a".repeat(64), key: "secret" }),
      "it has fields that are not known: key",
    ],
    "a field less": [JSON.stringify(without), "lazy is neither true nor false"],
    "a stage that is none": [
      JSON.stringify({ ...JSON.parse(goalToJson(goal)), until: "later" }),
      "until is not a stage",
    ],
    "an anchor that cannot be read": [
      JSON.stringify({ kind: "recovery", incoming: "-----BEGIN CERTIFICATE-----" }),
      "incoming is not a PEM of anchors",
    ],
    "no anchor": [JSON.stringify({ kind: "recovery", incoming: "" }), "incoming is not a PEM of anchors"],
    "a fingerprint that is none": [
      JSON.stringify({ kind: "issuer", replaces: "A" }),
      "replaces is not a fingerprint",
    ],
  };
  for (const [title, [text, wrong]] of Object.entries(spoiled)) {
    test(`${title} is refused`, () => assert.deepEqual(goalFromJson(text), { wrong }));
  }
});

test("the way back exchanges what comes and what goes, and stops when identity signs by the old again", () => {
  assert.deepEqual(reverseGoal(goal), { ...goal, incoming: [old], outgoing: [next], until: "reissued" });
});

describe("what is under way where nobody recorded it", () => {
  const newer = opened(certificates.anchor("newer", { notBefore: after(-day) }));
  const issuerOfNewer = (() => {
    const minted = certificates.anchor("newest", { notBefore: after(-day) });
    return {
      anchor: opened(minted),
      issuer: opened(certificates.issuer(minted, { notBefore: after(-3_600_000) })),
    };
  })();

  test("nothing, where the bundle holds what the issuer chains to", () =>
    assert.equal(inferGoal(view()), undefined));

  test("a newer anchor stands beside the issuer's, and has signed nothing yet", () => {
    const seen = view({ bundle: { anchors: [newer, old], changedAt: ago(9) } });
    assert.deepEqual(names(inferGoal(seen)), [["newer"], ["old"]]);
  });

  test("the issuer chains to the newer one, and the old one is still there", () => {
    const { anchor, issuer } = issuerOfNewer;
    const seen = view({
      bundle: { anchors: [old, anchor], changedAt: ago(9) },
      issuer: live(issuer, ago(5)),
    });
    assert.deepEqual(names(inferGoal(seen)), [["newest"], ["old"]]);
  });

  test("the old one has left the bundle, and proxies hold it still", () => {
    const { anchor, issuer } = issuerOfNewer;
    const seen = view({
      bundle: { anchors: [anchor], changedAt: ago(9) },
      issuer: live(issuer, ago(5)),
      workloads: [workload("a/deploy/b", [group([old, anchor])])],
    });
    assert.deepEqual(names(inferGoal(seen)), [["newest"], ["old"]]);
    assert.equal(inferGoal({ ...seen, workloads: [] }), undefined);
  });

  test("an expired anchor, or one for later, is not coming", () => {
    const late = opened(certificates.anchor("late", { notBefore: after(day) }));
    const ended = opened(certificates.anchor("ended", { notBefore: after(-day), notAfter: after(-1000) }));
    const seen = view({ bundle: { anchors: [old, late, ended], changedAt: ago(9) } });
    assert.equal(inferGoal(seen), undefined);
  });

  test("a renewal of the anchor that signs is not coming, and none is where nothing signs", () => {
    const key = certificates.keyPair("P-256", "root");
    const signs = opened(certificates.anchor("root", { key, notBefore: after(-day) }));
    const renewed = opened(certificates.anchor("root", { key, notBefore: after(-1000) }));
    const { now } = view();
    assert.deepEqual(comingAfter([signs], [signs, renewed, newer], now), []);
    assert.deepEqual(comingAfter([old], [old, newer, renewed], now), [newer, renewed]);
    assert.deepEqual(comingAfter([], [old, newer], now), []);
  });

  test("nothing can be told without an issuer that chains to the bundle", () => {
    assert.equal(inferGoal(view({ issuer: live(issuers.third) })), undefined);
    const { issuer: _, ...bare } = view();
    assert.equal(inferGoal(bare), undefined);
  });
});
