import { printable } from "../harmless.ts";
import { binary, hex, sha256 } from "./bytes.ts";
import { cache } from "./cache.ts";
import { describeKey } from "./key.ts";
import { addressText, networkText } from "./parse/ip.ts";
import { parse } from "./parse/parse.ts";
import type { Extensions, Parsed, Subtrees } from "./parse/parsed.ts";
import { attempt } from "./refusal.ts";
import type { Certificate, ConstrainedNames, Unreadable } from "./types.ts";
import { keyUsageNames, usageName } from "./usages.ts";
import { readForBoth, type WebpkiAnchor, type WebpkiCertificate } from "./webpki/certificate.ts";
import { because } from "./webpki/errors.ts";

const opened = cache<Certificate | Unreadable>(512, 2 ** 20);
const insides = new WeakMap<Certificate, Inside>();

/** What verification needs of a certificate: what Go and webpki got out of it, or why webpki did not. */
export interface Inside {
  readonly go: Parsed;
  readonly chain: WebpkiCertificate | string;
  readonly anchor: WebpkiAnchor | string;
}

/** A certificate as Go's crypto/x509 reads it (ParseCertificate, as identity calls it), or why it does not. */
export function openCertificate(der: Uint8Array): Certificate | Unreadable {
  const fingerprint = sha256(der);
  return opened.get(fingerprint, () => open(fingerprint, der), der.length);
}

function open(fingerprint: string, der: Uint8Array): Certificate | Unreadable {
  // The caller's array may be a window on something larger, or be written to later.
  const own = new Uint8Array(der);
  const parsed = attempt(() => parse(own));
  return typeof parsed === "string" ? { unreadable: parsed } : present(fingerprint, own, parsed);
}

/** As Go reads it. */
export const inside = (certificate: Certificate): Parsed => insideOf(certificate).go;

/** As Go and webpki read it; a copy of a certificate is read again. */
export function insideOf(certificate: Certificate): Inside {
  const known = insides.get(certificate);
  if (known !== undefined) return known;
  const read = { go: parse(certificate.der), ...readForBoth(certificate.der) };
  insides.set(certificate, read);
  return read;
}

function present(fingerprint: string, der: Uint8Array, parsed: Parsed): Certificate {
  const { extensions } = parsed;
  const read = { go: parsed, ...readForBoth(der) };
  const certificate: Certificate = {
    fingerprint,
    der,
    name: printable(parsed.commonName || parsed.subject || fingerprint.slice(0, 8), 100).replaceAll(
      '"',
      '\\"',
    ),
    subject: parsed.subject,
    issuer: parsed.issuer,
    rawSubject: parsed.rawSubject,
    rawIssuer: parsed.rawIssuer,
    serial: hex(parsed.serial).replace(/^0+(?=.)/, ""),
    version: parsed.version === 3 ? 3 : parsed.version === 2 ? 2 : 1,
    notBefore: new Date(parsed.notBefore),
    notAfter: new Date(parsed.notAfter),
    spki: parsed.spki,
    keyFingerprint: sha256(parsed.spki),
    key: describeKey(parsed.key),
    signatureAlgorithm: parsed.algorithm.name,
    ...presentExtensions(extensions),
    ...(typeof read.anchor === "string" && { refusedByProxy: because(read.anchor) }),
    ...(typeof read.chain === "string" && { refusedByProxyInChain: because(read.chain) }),
  };
  insides.set(certificate, read);
  return certificate;
}

function presentExtensions(found: Extensions) {
  const { basicConstraints, nameConstraints } = found;
  return {
    ...(basicConstraints && {
      basicConstraints: {
        ca: basicConstraints.ca,
        ...(basicConstraints.pathLength !== undefined && { pathLength: Number(basicConstraints.pathLength) }),
      },
    }),
    ...(found.hasKeyUsage && { keyUsage: keyUsageNames.filter((_, bit) => found.keyUsage & (1 << bit)) }),
    ...(found.extendedKeyUsage && { extendedKeyUsage: found.extendedKeyUsage.map(usageName) }),
    ...(nameConstraints && {
      nameConstraints: {
        critical: nameConstraints.critical,
        permitted: presentSubtrees(nameConstraints.permitted),
        excluded: presentSubtrees(nameConstraints.excluded),
      },
    }),
    dnsNames: found.dnsNames,
    uris: found.uris.map((uri) => uri.text),
    ipAddresses: found.addresses.map(addressText),
    emailAddresses: found.emails,
    ...(found.subjectKeyId.length > 0 && { subjectKeyId: hex(found.subjectKeyId) }),
    ...(found.authorityKeyId.length > 0 && { authorityKeyId: hex(found.authorityKeyId) }),
  };
}

const presentSubtrees = ({ dns, ip, email, uri }: Subtrees): ConstrainedNames => ({
  dns,
  ip: ip.map(networkText),
  email,
  uri,
});

/** For comparing and indexing by raw names. */
export const rawKey = (raw: Uint8Array): string => binary(raw);
