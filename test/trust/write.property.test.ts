// Whatever is written in whatever order: what the gate lets through breaks nothing that was whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge, sameFinding } from "../../trust/judge.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import { after, anchor, bundle, day, issuer, keyPair, mint, now } from "../certificates/index.ts";
import {
  complete,
  emptyMesh,
  facts,
  healthyIssuer,
  healthyMesh,
  judged,
  refusing,
  root,
  type State,
  unseen,
} from "./facts.ts";
import { annotated, issuerSecret } from "./objects.ts";

const anchors = {
  root,
  next: anchor("next root"),
  renewed: anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(100 * day) }),
  expired: anchor("expired", { notAfter: after(-day) }),
  "expired too": anchor("expired too", { notAfter: after(-2 * day) }),
  "P-384": anchor("P-384", { keyKind: "P-384" }),
  "not a CA": anchor("not a CA", { basicConstraints: { ca: false } }),
};
const { next, renewed, expired } = anchors;

const texts: Readonly<Record<string, string | undefined>> = {
  "no ConfigMap": undefined,
  "empty text": "",
  garbage: "garbage",
  "a key": bundle(root) + root.keyPem,
  "a blank line": `${bundle(root, next)}\n`,
};

const issuers: Readonly<Record<string, State["issuer"]>> = {
  "of root": healthyIssuer,
  "of root, another": issuer(root),
  "of next": issuer(next),
  "of renewed, longer than it": issuer(renewed, { notAfter: after(200 * day) }),
  "of expired": issuer(expired),
  "of expired, expired": issuer(expired, { notAfter: after(-day) }),
  "of root, expired": issuer(root, { notAfter: after(-day) }),
  RSA: issuer(root, { keyKind: "RSA-2048" }),
  "not a CA": issuer(root, { basicConstraints: { ca: false } }),
  "of a stranger": issuer(anchor("stranger")),
  "self-signed": mint(undefined, { name: "self", key: keyPair(), basicConstraints: { ca: true } }),
  "another's key": issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": keyPair().pem }),
  "empty Secret": issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": "", "tls.crt": "" }),
  "Linkerd's layout": issuerSecret(healthyIssuer, "linkerd.io/tls"),
  "no Secret": undefined,
};

const meshes: Readonly<Record<string, NonNullable<State["mesh"]>>> = {
  unseen,
  "nothing runs": [],
  "nobody is meshed": emptyMesh,
  "proxies hold root": healthyMesh([root]),
  "proxies hold both": healthyMesh([root, next]),
  "proxies hold next": healthyMesh([next]),
};

// Drawn are names, so that a counterexample can be read.
const nameOf = (pool: Readonly<Record<string, unknown>>) => fc.constantFrom(...Object.keys(pool));
const bundleNames = fc.oneof(
  { weight: 8, arbitrary: fc.array(nameOf(anchors), { minLength: 1, maxLength: 3 }) },
  nameOf(texts).map((name) => [name]),
);
const writes = fc.oneof(fc.record({ bundle: bundleNames }), fc.record({ issuer: nameOf(issuers) }));
const starts = fc.record({ bundle: bundleNames, issuer: nameOf(issuers), mesh: nameOf(meshes) });

interface Names {
  readonly bundle?: readonly string[];
  readonly issuer?: string;
  readonly mesh?: string;
}

function named({ bundle, issuer, mesh }: Names): State {
  return {
    ...(bundle === undefined ? {} : { bundle: bundleOf(bundle) }),
    ...(issuer === undefined ? {} : { issuer: issuers[issuer] }),
    ...(mesh === undefined ? {} : { mesh: meshes[mesh] ?? unseen }),
  };
}

function bundleOf(names: readonly string[]): State["bundle"] {
  const [first = ""] = names;
  return first in texts ? texts[first] : names.map((name) => anchors[name as keyof typeof anchors]);
}

const asked = rules.filter((rule) => rule.scope !== "state");
const errors = (state: State) =>
  judge(asked, facts(state), defaultPolicy)
    .findings.filter(({ severity }) => severity === "deny")
    .map(sameFinding);

test("no sequence of allowed writes ends in an error that was neither there nor warned about", () => {
  const sequences = fc.array(writes, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(starts, sequences, (start, sequence) => {
      let live: State = complete(named(start));
      const known = new Set(errors(live));
      for (const write of sequence) {
        const { allowed, warnings } = judged(live, named(write));
        if (!allowed) continue;
        for (const warning of warnings) known.add(sameFinding(warning));
        live = complete({ ...live, ...named(write) }, now);
      }
      const unsaid = errors(live).filter((error) => !known.has(error));
      assert.deepEqual(unsaid, []);
    }),
    { numRuns: 300 },
  );
});

test("in whatever state, an object may be written again as it is, with another label", () => {
  const label = { "example.org/team": "mesh" };
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
