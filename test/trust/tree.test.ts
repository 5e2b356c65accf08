import assert from "node:assert/strict";
import { test } from "node:test";
import { type TreeInput, type TreeNode, trustTree } from "../../trust/tree.ts";
import { type Certificate, openCertificate } from "../../trust/x509/index.ts";
import { after, anchor, day, hour, issuer, leaf, type Minted, now, year } from "../certificates/index.ts";

const old = anchor("old", { notBefore: after(-year) });
const current = anchor("current");
const next = anchor("next", { notBefore: after(-day) });
const identity = issuer(current);
const proxy = leaf(identity);

test("leaves hang on their issuer, and the issuer on its anchor", () => {
  assert.deepEqual(shape([proxy, identity, current]), [
    "current: anchor active",
    "  identity.linkerd.cluster.local: issuer active",
    "    default.default.serviceaccount.identity.linkerd.cluster.local: leaf active",
  ]);
});

test("an anchor that is newer than the active one is incoming, an older one outgoing", () => {
  assert.deepEqual(shape([old, current, next, identity]), [
    "old: anchor outgoing",
    "current: anchor active",
    "  identity.linkerd.cluster.local: issuer active",
    "next: anchor incoming",
  ]);
});

test("once no leaf in use can chain to it, an older anchor is unused", () => {
  const [late, early] = [{ leavesEndBy: after(-hour) }, { leavesEndBy: after(hour) }];
  assert.equal(part(old, [old, current, identity], late), "unused");
  assert.equal(part(old, [old, current, identity], early), "outgoing");
});

test("an anchor that a leaf still chains to is outgoing, whatever the clock says", () => {
  const former = issuer(old, { name: "former", notBefore: after(-30 * day) });
  const all = [old, current, identity, former, leaf(former)];
  assert.equal(part(old, all, { leavesEndBy: after(-hour) }), "outgoing");
  assert.equal(part(former, all), "outgoing");
});

test("an expired anchor is unused, and one that is not valid yet is incoming", () => {
  const expired = anchor("expired", { notAfter: after(-hour) });
  const early = anchor("early", { notBefore: after(hour) });
  assert.equal(part(expired, [expired, current, identity]), "unused");
  assert.equal(part(early, [early, current, identity]), "incoming");
});

test("anchors alone do not tell their roles", () => {
  assert.deepEqual(shape([old, current]), ["old: anchor", "current: anchor"]);
});

test("the issuer that identity signs with need not be the newest", () => {
  const newer = issuer(next, { name: "newer", notBefore: after(-hour) });
  const live = { issuer: identity.fingerprint };
  assert.equal(part(identity, [current, next, identity, newer], live), "active");
  assert.equal(part(newer, [current, next, identity, newer], live), "incoming");
});

test("an anchor that was renewed with its key holds the same issuer", () => {
  const renewed = anchor("current", { key: current.key, notBefore: after(-hour) });
  assert.deepEqual(shape([current, renewed, identity]), [
    "current: anchor active",
    "  identity.linkerd.cluster.local: issuer active",
    "current: anchor active",
    "  identity.linkerd.cluster.local: issuer active (repeated)",
  ]);
});

test("an issuer whose signer is not here stands at the top", () => {
  assert.deepEqual(shape([identity]), ["identity.linkerd.cluster.local: issuer active"]);
});

test("an intermediate is one that signed an issuer", () => {
  const between = issuer(current, { name: "between", basicConstraints: { ca: true } });
  const below = issuer(between);
  assert.equal(
    trustTree({ now, certificates: opened([current, between, below]) })[0]?.children[0]?.kind,
    "intermediate",
  );
});

test("two that signed one another do not go round for ever", () => {
  const [a, b] = [anchor("a"), anchor("b")];
  const crossed = [issuer(a, { name: "b", key: b.key }), issuer(b, { name: "a", key: a.key })];
  assert.equal(shape(crossed).length, 3);
});

test("the issuer may be the anchor itself, as in linkerd install", () => {
  assert.equal(
    part(current, [current], { issuer: current.fingerprint, anchors: new Set([current.fingerprint]) }),
    "active",
  );
});

test("a namesake with another key signs nothing here", () => {
  const namesake = anchor("current", { keyKind: "P-384" });
  assert.equal(trustTree({ now, certificates: opened([namesake, identity]) }).length, 2);
});

test("a chain of three hundred is not too deep", () => {
  const chain = [anchor("top")];
  for (let i = 0; i < 300; i++)
    chain.push(issuer(chain.at(-1) ?? current, { name: `below ${i}`, basicConstraints: { ca: true } }));
  assert.equal(count(trustTree({ now, certificates: opened(chain) })), 301);
});

function opened(minted: readonly Minted[]): Certificate[] {
  return minted.map(({ der }) => openCertificate(der)).filter((one) => "fingerprint" in one);
}

function shape(minted: readonly Minted[], more: Partial<TreeInput> = {}): string[] {
  const lines: string[] = [];
  const walk = (nodes: readonly TreeNode[], indent: string) => {
    for (const { certificate, kind, role = "", children, repeated } of nodes) {
      lines.push(`${indent}${certificate.name}: ${kind} ${role}`.trimEnd() + (repeated ? " (repeated)" : ""));
      walk(children, `${indent}  `);
    }
  };
  walk(trustTree({ now, certificates: opened(minted), ...more }), "");
  return lines;
}

function part(of: Minted, minted: readonly Minted[], more: Partial<TreeInput> = {}): string | undefined {
  const find = (nodes: readonly TreeNode[]): TreeNode | undefined =>
    nodes
      .flatMap((node) => [node, find(node.children)])
      .find((node) => node?.certificate.fingerprint === of.fingerprint);
  return find(trustTree({ now, certificates: opened(minted), ...more }))?.role;
}

function count(nodes: readonly TreeNode[]): number {
  return nodes.reduce((sum, { children }) => sum + 1 + count(children), 0);
}
