// Break-glass, and what a verdict says besides yes and no.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { overrideIn } from "../../trust/override.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { after, anchor, bundle, day, keyPair } from "../certificates/index.ts";
import { called, healthyIssuer, judged, root, type State } from "./facts.ts";
import { annotated, issuerSecret, trustRoots } from "./objects.ts";
import { specify } from "./specification.ts";

const next = anchor("next root");
const expired = anchor("expired", { notAfter: after(-day) });
const wrongKey = issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": keyPair().pem });
const allowing = (rules: string) => ({
  "linkerd-certs.io/allow": rules,
  "linkerd-certs.io/reason": "a drill",
});
const healthy: State = {};
const rotating: State = { bundle: [root, next] };

specify("break-glass", {
  "the rule that refuses is named": [
    healthy,
    { issuer: annotated(wrongKey, allowing("issuer-key-matches")) },
  ],
  "another rule is named": [
    healthy,
    { issuer: annotated(wrongKey, allowing("issuer-is-ca")) },
    ["issuer-key-matches"],
  ],
  "one of three that refuse is named": [
    healthy,
    { bundle: annotated(trustRoots([next]), allowing("bundle-overlaps-previous, anchor-in-use-kept")) },
    ["issuer-chains-to-anchor"],
  ],
  "the annotation stands on the object that is deleted": [
    { bundle: annotated(trustRoots([root]), allowing("trust-not-deleted")) },
    { bundle: undefined },
  ],
  "the annotation stands on the other object": [
    { issuer: annotated(issuerSecret(healthyIssuer), allowing("bundle-present")) },
    { bundle: "" },
    ["bundle-present"],
  ],
  "the annotation stood on the old object, and the new one is without": [
    { issuer: annotated(issuerSecret(healthyIssuer), allowing("issuer-key-matches")) },
    { issuer: wrongKey },
    ["issuer-key-matches"],
  ],
});

test("why it was broken is on record as one line that moves, hides and turns nothing", () => {
  const evil = "a drill\n\u001b[2J\u202e\u2028 by jane\u200b ";
  const annotations = { "linkerd-certs.io/allow": `bundle-present,\u2066x`, "linkerd-certs.io/reason": evil };
  assert.deepEqual(overrideIn({ annotations }), {
    rules: ["bundle-present", "x"],
    reason: "a drill [2J by jane",
  });
});

describe("what a verdict says besides", () => {
  test("what was wrong before is a warning, and so is what is only worth one", () => {
    const { warnings } = judged({ bundle: [root, expired] }, { bundle: `${bundle(root, expired, root)}` });
    assert.deepEqual(
      warnings.map(({ message }) => message),
      [
        `anchor ${called(expired)} expired at 2026-05-31T12:00:00Z`,
        `anchor ${called(root)} stands in the trust bundle 2 times`,
      ],
    );
  });

  test("what the annotation let pass is said, for the record", () => {
    const { allowed, overridden, denied } = judged(healthy, {
      issuer: annotated(wrongKey, allowing("issuer-key-matches")),
    });
    assert.deepEqual([allowed, denied], [true, []]);
    assert.deepEqual(
      overridden.map(({ message }) => message),
      ["tls.key is not the key of the certificate in tls.crt"],
    );
  });

  test("a rule that is set to warn refuses nothing, and one that is off says nothing", () => {
    const set = (severity: "warn" | "off") => ({
      ...defaultPolicy,
      severities: { "issuer-key-matches": severity },
    });
    const warned = judged(healthy, { issuer: wrongKey }, set("warn"));
    const silent = judged(healthy, { issuer: wrongKey }, set("off"));
    assert.deepEqual([warned.allowed, warned.warnings.length], [true, 1]);
    assert.deepEqual([silent.allowed, silent.warnings.length], [true, 0]);
  });

  test("a rule of the state alone has no say in a write", () => {
    const { warnings } = judged(rotating, { bundle: [root, next] });
    assert.ok(!warnings.some(({ rule }) => rule.scope === "state"));
  });
});
