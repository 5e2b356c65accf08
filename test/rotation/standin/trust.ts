import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { type KeyPair, keyIdOf, keyPair, mint } from "../../certificates/index.ts";

/** What a proxy or identity holds as its anchors, read without any of the product's code. */
export interface Anchors {
  /** The same for the same certificates, in whatever order and dress. */
  readonly id: string;
  readonly certificates: readonly X509Certificate[];
  readonly names: readonly string[];
  /**
   * Certificates with the same subjects and keys that never end. webpki takes from an anchor its
   * subject and key alone, not its dates, and OpenSSL does not look at an anchor's own signature.
   */
  readonly timelessPem: string;
}

/** An issuer that identity has in memory. */
export interface Issuer {
  readonly id: string;
  readonly label: string;
  readonly chain: readonly X509Certificate[];
  readonly chainPem: string;
  readonly subject: Buffer;
  readonly key: KeyPair;
  readonly notAfter: Date;
}

const anchorsByText = new Map<string, Anchors>();

/** One object for all that read the same text. */
export function readAnchors(text: string): Anchors {
  const known = anchorsByText.get(text);
  if (known !== undefined) return known;
  const certificates = blocks(text);
  const ids = certificates.map(fingerprint).sort();
  const made: Anchors = {
    id: createHash("sha256").update(ids.join()).digest("hex").slice(0, 8),
    certificates,
    names: certificates.map(label),
    timelessPem: certificates.map(timeless).join(""),
  };
  anchorsByText.set(text, made);
  return made;
}

export function readIssuer(chainText: string, keyText: string): Issuer {
  const chain = blocks(chainText);
  const [first] = chain;
  if (first === undefined) throw new Error("no certificates found");
  return {
    id: fingerprint(first),
    label: label(first),
    chain,
    chainPem: chain.map((certificate) => certificate.toString()).join(""),
    subject: subjectOf(first),
    key: pairOf(createPrivateKey(keyText), first),
    notAfter: new Date(Math.min(...chain.map(({ validToDate }) => validToDate.getTime()))),
  };
}

/** As webpki: some anchor has signed the issuer or what signed it, or is the same name and key; its dates do not count. */
export function accepts({ certificates }: Anchors, { chain }: Issuer): boolean {
  let top = chain[0];
  while (top !== undefined) {
    const signed = top;
    if (certificates.some((anchor) => sameKeyAndName(anchor, signed) || isSignedBy(signed, anchor)))
      return true;
    top = chain.find((other) => other !== signed && isSignedBy(signed, other));
  }
  return false;
}

/** When the last of the anchors that vouch for it ends: Go, and so identity, does look at that. */
export function vouchedUntil({ certificates }: Anchors, issuer: Issuer): number {
  const ends = certificates
    .filter((anchor) => issuer.chain.some((link) => sameKeyAndName(anchor, link) || isSignedBy(link, anchor)))
    .map(({ validToDate }) => validToDate.getTime());
  return Math.min(issuer.notAfter.getTime(), Math.max(0, ...ends));
}

function isSignedBy(signed: X509Certificate, by: X509Certificate): boolean {
  return signed.checkIssued(by) && signed.verify(by.publicKey);
}

function sameKeyAndName(a: X509Certificate, b: X509Certificate): boolean {
  return a.subject === b.subject && spki(a).equals(spki(b));
}

function blocks(text: string): X509Certificate[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return found.map((block) => new X509Certificate(block));
}

function timeless(certificate: X509Certificate): string {
  const forger = keyPair("P-256", "timeless");
  return mint(undefined, {
    subject: subjectOf(certificate),
    key: { ...forger, spki: spki(certificate) },
    signer: forger,
    notBefore: new Date("2000-01-01T00:00:00Z"),
    notAfter: new Date("2100-01-01T00:00:00Z"),
    basicConstraints: { ca: true },
    // Of anchors of one name OpenSSL takes the one that the issuer names; webpki tries them all.
    subjectKeyId: keyIdIn(certificate) ?? false,
  }).pem;
}

/** Its subject key identifier (RFC 5280, 4.2.1.2), found by its bytes: OID, OCTET STRING of an OCTET STRING. */
function keyIdIn({ raw }: X509Certificate): Buffer | undefined {
  const head = Buffer.from("0603551d0e04", "hex");
  const at = raw.indexOf(head);
  const [start, length = 0] = [at + head.length + 3, raw[at + head.length + 2]];
  return at < 0 ? undefined : raw.subarray(start, start + length);
}

function pairOf(key: KeyObject, certificate: X509Certificate): KeyPair {
  const own = spki(certificate);
  const { crv, d = "" } = key.export({ format: "jwk" });
  return {
    kind: crv === "P-384" ? "P-384" : "P-256",
    label: `issuer ${fingerprint(certificate)}`,
    private: key,
    spki: own,
    keyId: keyIdOf(own),
    pem: "",
    pkcs8Pem: "",
    scalar: BigInt(`0x${Buffer.from(d, "base64url").toString("hex")}`),
  };
}

const spki = ({ publicKey }: X509Certificate): Buffer => publicKey.export({ format: "der", type: "spki" });
const fingerprint = ({ fingerprint256 }: X509Certificate) => fingerprint256.replaceAll(":", "").toLowerCase();

function label(certificate: X509Certificate): string {
  const name = /CN=(.*)/.exec(certificate.subject)?.[1] ?? certificate.subject;
  return `${name} (${fingerprint(certificate).slice(0, 8)})`;
}

/** The subject's own bytes: Certificate > TBSCertificate > version, serial, algorithm, issuer, validity, subject. */
function subjectOf({ raw }: X509Certificate): Buffer {
  const tbs = inside(raw, inside(raw, 0));
  let at = tbs;
  if (raw[at] === 0xa0) at = end(raw, at);
  for (let skip = 0; skip < 4; skip++) at = end(raw, at);
  return raw.subarray(at, end(raw, at));
}

function inside(raw: Buffer, at: number): number {
  const first = raw[at + 1] ?? 0;
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

function end(raw: Buffer, at: number): number {
  const first = raw[at + 1] ?? 0;
  const length = first < 0x80 ? first : raw.readUIntBE(at + 2, first & 0x7f);
  return inside(raw, at) + length;
}
