// Whatever is written in whatever order: what the gate lets through breaks nothing that was whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Finding, judge, sameFinding } from "../../trust/judge.ts";
import { works } from "../../trust/judgements.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import { after, now, second } from "../certificates/index.ts";
import { anchors, damages, label, named, nameOf, starts, textOf, writes } from "./drawn.ts";
import { complete, facts, judged, refusing, type State, unseen } from "./facts.ts";
import { annotated } from "./objects.ts";
import { controlPlanePod, identityPod, pod } from "./pods.ts";

const asked = rules.filter((rule) => rule.scope !== "state");
const errors = (state: State) =>
  judge(asked, facts(state), defaultPolicy).findings.filter(({ severity }) => severity === "deny");

/** New pods show an error that was known in another way. */
function isConsequence({ rule }: Finding, known: ReadonlySet<string>): boolean {
  return [...known].some((one) => rule.follows?.includes(one.split("\n")[0] ?? ""));
}

/** All pods are made anew, where identity starts; where it does not, a rollout leaves the old ones. */
function restarted(live: State): State {
  const { bundle, mesh } = complete(live);
  const text = typeof bundle === "object" ? bundle.data?.["ca-bundle.crt"] : undefined;
  if (text === undefined || mesh === unseen || mesh.length === 0 || !identityStarts(live)) return live;
  const startedAt = after(second);
  const own = [identityPod({ startedAt }), controlPlanePod("destination", { startedAt })];
  return { ...live, mesh: [...own, pod({ bundle: text, startedAt })] };
}

function identityStarts(live: State): boolean {
  const { bundle, issuer } = facts(live);
  return bundle !== undefined && works(issuer, now);
}

test("no sequence of allowed writes ends in an error that was neither there nor warned about", () => {
  const sequences = fc.array(fc.oneof({ weight: 3, arbitrary: writes }, fc.constant("restart" as const)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(starts, sequences, (start, sequence) => {
      let live: State = complete(named(start));
      const known = new Set(errors(live).map(sameFinding));
      for (const write of sequence) {
        if (write === "restart") {
          live = restarted(live);
          continue;
        }
        const { allowed, warnings } = judged(live, named(write, now));
        if (!allowed) continue;
        for (const warning of warnings) known.add(sameFinding(warning));
        live = complete({ ...live, ...named(write, now) });
      }
      const unsaid = errors(live).filter(
        (error) => !known.has(sameFinding(error)) && !isConsequence(error, known),
      );
      assert.deepEqual(unsaid.map(sameFinding), []);
    }),
    { numRuns: 300 },
  );
});

test("in whatever state, an object may be written again as it is, with another label", () => {
  fc.assert(
    fc.property(starts, (start) => {
      const state = named(start);
      const { bundle, issuer } = complete(state);
      if (typeof bundle === "object")
        assert.deepEqual(refusing(state, { bundle: annotated(bundle, label) }), []);
      if (typeof issuer === "object")
        assert.deepEqual(refusing(state, { issuer: annotated(issuer, label) }), []);
    }),
    { numRuns: 200 },
  );
});

test("whatever is damaged, a sound anchor may be put in front of it, and some damage taken out", () => {
  const blocks = ["a damaged block", "a damaged block of another"];
  const pieces = fc.tuple(
    nameOf(anchors),
    fc.array(fc.oneof(nameOf(anchors), nameOf(damages)), { maxLength: 5 }),
  );
  const readable = (refusedBy: readonly string[]) =>
    assert.ok(!refusedBy.includes("bundle-reads-whole") && !refusedBy.includes("bundle-holds-no-key"));
  fc.assert(
    fc.property(pieces, nameOf(anchors), ([first, rest], more) => {
      const given: State = { bundle: textOf([first, ...rest]) };
      readable(refusing(given, { bundle: textOf([more, first, ...rest]) }));
      const damaged = rest.filter((name) => name in anchors || blocks.includes(name));
      const worst = damaged.findIndex((name) => blocks.includes(name));
      const better = damaged.filter((_, i) => i !== worst);
      readable(refusing({ bundle: textOf([first, ...damaged]) }, { bundle: textOf([first, ...better]) }));
    }),
    { numRuns: 300 },
  );
});

test("in whatever state, a namespace that is going away keeps neither object", () => {
  fc.assert(
    fc.property(starts, (start) => {
      const terminating = { ...named(start), terminating: true };
      assert.deepEqual(refusing(terminating, { bundle: undefined }), []);
      assert.deepEqual(refusing(terminating, { issuer: undefined }), []);
    }),
    { numRuns: 100 },
  );
});
