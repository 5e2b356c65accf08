import assert from "node:assert/strict";
import { test } from "node:test";
import { few, moment, named } from "../../trust/naming.ts";
import { facts, healthyIssuer } from "./facts.ts";

test("a certificate is called by its name and the first eight digits of its fingerprint", () => {
  const certificate = facts().issuer?.certificate;
  assert.ok(certificate);
  const digits = healthyIssuer.fingerprint.slice(0, 8);
  assert.equal(named(certificate), `"identity.linkerd.cluster.local" (${digits})`);
});

test("a moment is told to the second, in UTC", () => {
  assert.equal(moment(new Date("2026-06-01T14:00:00.999+02:00")), "2026-06-01T12:00:00Z");
});

test("of a list the first three are told, and how many more there are", () => {
  assert.equal(few([]), "");
  assert.equal(few(["a"]), "a");
  assert.equal(few(["a", "b", "c"]), "a, b, c");
  assert.equal(few(["a", "b", "c", "d"]), "a, b, c and 1 more");
});
