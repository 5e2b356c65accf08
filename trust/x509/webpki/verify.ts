import { named } from "../../naming.ts";
import { concat } from "../bytes.ts";
import { inside, insideOf } from "../certificate.ts";
import { content, context, der, read, tags } from "../der.ts";
import { encode, encodeOid, fromBinary } from "../encode.ts";
import { remembered } from "../remembered.ts";
import { isSignedBy } from "../signature.ts";
import type { Certificate, Verification } from "../types.ts";
import { usageOids } from "../usages.ts";
import { isProxyCurve, leafAlgorithm, type Usage } from "./checks.ts";
import { because } from "./errors.ts";
import { type Anchor, buildPath, type Member } from "./path.ts";

/**
 * As a proxy verifies its peer: rustls-webpki's verify_for_usage
 * (verify_cert.rs) with the algorithms of linkerd/rustls/src/crypto.rs.
 */
export function verifyLeafAsProxy(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
  now: Date,
  usage: Usage,
): Verification {
  const first = member(leaf);
  if (typeof first === "string")
    return { ok: false, reason: `${named(leaf)}: ${because(first)}`, chains: [] };
  return verify(first, named(leaf), intermediates, anchors, now, usage);
}

/**
 * Whether proxies, as servers and as clients, would accept a leaf with these
 * DNS names that identity signs now with the first of the chain, and sends
 * along with the whole chain (pkg/tls/ca.go in linkerd2).
 */
export function verifyIssuerAsProxy(
  chain: readonly Certificate[],
  anchors: readonly Certificate[],
  now: Date,
  leafNames: readonly string[],
): Verification {
  const issuer = chain[0];
  if (issuer === undefined) return { ok: false, reason: "there is no issuer", chains: [] };
  // Nobody looks at names where there are no constraints.
  const names = [...chain, ...anchors].some(hasConstraints) ? leafNames : [];
  const question = `proxies ${JSON.stringify(names)}`;
  return remembered(question, [chain, anchors], now, () => verifyIssuer(issuer, chain, anchors, now, names));
}

function hasConstraints(certificate: Certificate): boolean {
  const { anchor, chain } = insideOf(certificate);
  const inAnchor = typeof anchor !== "string" && anchor.nameConstraints !== undefined;
  return inAnchor || (typeof chain !== "string" && chain.nameConstraints !== undefined);
}

function verifyIssuer(
  issuer: Certificate,
  chain: readonly Certificate[],
  anchors: readonly Certificate[],
  now: Date,
  leafNames: readonly string[],
): Verification {
  if (!isProxyCurve(inside(issuer).key)) {
    const { algorithm, curve } = issuer.key;
    const key = curve ?? (algorithm === "other" ? "unknown" : algorithm);
    return {
      ok: false,
      reason: `identity signs leaves with ECDSA, but ${named(issuer)} has a key of kind ${key}`,
      chains: [],
    };
  }
  const who = `a leaf signed by ${named(issuer)}`;
  const leaf = freshLeaf(issuer, leafNames);
  const asServer = verify(leaf, who, chain, anchors, now, "server");
  if (!asServer.ok || !chain.some(hasUsages)) return asServer;
  const asClient = verify(leaf, who, chain, anchors, now, "client");
  return asClient.ok ? asServer : asClient;
}

function hasUsages(certificate: Certificate): boolean {
  const { chain } = insideOf(certificate);
  return typeof chain !== "string" && chain.extendedKeyUsage !== undefined;
}

function verify(
  leaf: Member,
  who: string,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
  now: Date,
  usage: Usage,
): Verification {
  const outcome = buildPath(leaf, intermediates.map(member), anchors.flatMap(anchor), now, usage);
  if ("path" in outcome) {
    const certificates = [...outcome.path, outcome.anchor].flatMap(({ certificate }) => certificate ?? []);
    return { ok: true, chains: [certificates] };
  }
  const as = usage === "server" ? "a server" : "a client";
  const about =
    outcome.about === undefined || named(outcome.about) === who ? "" : `${named(outcome.about)}: `;
  return {
    ok: false,
    reason: `proxies refuse ${who} as ${as}: ${about}${because(outcome.error)}`,
    chains: [],
  };
}

function member(certificate: Certificate): Member | string {
  const { chain: read, go: child } = insideOf(certificate);
  if (typeof read === "string") return read;
  return {
    certificate,
    read,
    keyFingerprint: certificate.keyFingerprint,
    isSignedBy: ({ keyFingerprint, key }) =>
      key !== undefined && isSignedBy(child, certificate.fingerprint, { fingerprint: keyFingerprint, key }),
    key: child.key,
  };
}

// add_parsable_certificates: what cannot be read as an anchor is left out.
function anchor(certificate: Certificate): readonly Anchor[] {
  const { anchor: read, go } = insideOf(certificate);
  if (typeof read === "string") return [];
  return [{ certificate, read, keyFingerprint: certificate.keyFingerprint, key: go.key }];
}

// Whatever identity signs is valid when it signs it.
const always = concat(
  ...["19700101000000Z", "99991231235959Z"].map((time) => encode(tags.generalizedTime, fromBinary(time))),
);
const bothUsages = concat(encodeOid(usageOids.serverAuth), encodeOid(usageOids.clientAuth));

function freshLeaf(issuer: Certificate, names: readonly string[]): Member {
  const sans = names.map((name) => encode(context(2), fromBinary(name)));
  const name = der(issuer.rawSubject);
  return {
    certificate: undefined,
    read: {
      signedBytes: nothing,
      algorithm: leafAlgorithm,
      signature: nothing,
      issuer: content(read(name, tags.sequence) ?? name),
      subject: nothing,
      validity: always,
      spki: nothing,
      extendedKeyUsage: bothUsages,
      san: concat(...sans),
    },
    keyFingerprint: "",
    isSignedBy: ({ keyFingerprint, key }) => keyFingerprint === issuer.keyFingerprint && isProxyCurve(key),
    key: undefined,
  };
}

const nothing = new Uint8Array();
