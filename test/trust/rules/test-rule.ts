import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Facts } from "../../../trust/facts.ts";
import { judge } from "../../../trust/judge.ts";
import { defaultPolicy } from "../../../trust/policy.ts";
import type { Rule } from "../../../trust/rule.ts";
import { exampleOf } from "./readme.ts";

/** A message alone stands for a finding of the rule's own severity. */
export type Expected = string | ExpectedMore;

interface ExpectedMore {
  readonly message: string;
  readonly severity?: "warn";
  /** The object to look at, where the rule's name does not say. */
  readonly about?: "trust-roots" | "issuer";
  /** A pattern where the words are those of another room. */
  readonly detail?: string | RegExp;
}

export interface Cases {
  readonly passes: Readonly<Record<string, Facts>>;
  readonly finds: Readonly<Record<string, readonly [Facts, ...Expected[]]>>;
  /** Where a fact that the rule needs could not be seen. */
  readonly notAsked?: Readonly<Record<string, Facts>>;
}

/** A rule is learned from its test: where it passes, and what it finds where it does not. */
export function testRule(rule: Rule, { passes, finds, notAsked = {} }: Cases): void {
  const usual = rule.id.startsWith("issuer-") ? "issuer" : "trust-roots";
  const ask = (facts: Facts) => judge([rule], facts, defaultPolicy);

  describe(`${rule.id} passes`, () => {
    for (const [title, facts] of Object.entries(passes)) {
      test(title, () => assert.deepEqual(brief(ask(facts)), { findings: [], notAsked: [] }));
    }
  });

  describe(`${rule.id} finds`, () => {
    for (const [title, [facts, ...expected]] of Object.entries(finds)) {
      test(title, () => {
        const { findings, notAsked } = ask(facts);
        const wanted = expected.map((one) => (typeof one === "string" ? { message: one } : one));
        assert.deepEqual(
          findings.map(({ severity, about, message }) => ({ severity, about, message })),
          wanted.map(({ message, about = usual, severity = rule.severity }) => ({
            severity,
            about,
            message,
          })),
        );
        wanted.forEach((one, i) => {
          assertDetail(findings[i]?.detail, one.detail);
        });
        assert.deepEqual(notAsked, []);
      });
    }
    test("what the README shows as an example", () => {
      const messages = Object.values(finds).flatMap(([, ...expected]) => expected.map(messageOf));
      assert.ok(messages.map(masked).includes(masked(exampleOf(rule.id))), exampleOf(rule.id));
    });
    test("nothing that is longer than a warning may be", () => {
      for (const message of Object.values(finds).flatMap(([, ...expected]) => expected.map(messageOf))) {
        assert.ok(message.length <= 256, message);
      }
    });
  });

  for (const [title, facts] of Object.entries(notAsked)) {
    test(`${rule.id} is not asked ${title}`, () => {
      const verdict = ask(facts);
      assert.deepEqual(verdict.findings, []);
      assert.equal(verdict.notAsked.length, 1);
    });
  }
}

const messageOf = (expected: Expected): string =>
  typeof expected === "string" ? expected : expected.message;

function assertDetail(actual: string | undefined, expected: string | RegExp | undefined): void {
  if (expected instanceof RegExp) assert.match(actual ?? "", expected);
  else if (expected !== undefined) assert.equal(actual, expected);
}

/** Fingerprints differ from test to test; everything else in an example is the truth. */
const masked = (message: string): string => message.replace(/\b[0-9a-f]{8}\b/g, "xxxxxxxx");

function brief({ findings, notAsked }: ReturnType<typeof judge>) {
  return {
    findings: findings.map(({ message }) => message),
    notAsked: notAsked.flatMap(({ missing }) => missing),
  };
}
