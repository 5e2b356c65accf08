import { sameBytes } from "../bytes.ts";
import {
  constructed,
  content,
  context,
  type Der,
  der,
  empty,
  next,
  read,
  readBitString,
  readInt64,
  readInteger,
  rightAligned,
  tags,
  whole,
} from "../der.ts";
import { readAlgorithm, readPublicKey } from "../key.ts";
import { need, refuse } from "../refusal.ts";
import { signatureAlgorithm } from "./algorithms.ts";
import { noExtensions, readExtensions } from "./extensions.ts";
import { readName } from "./name.ts";
import type { Parsed } from "./parsed.ts";
import { readTime } from "./time.ts";

/** A certificate as Go's x509.ParseCertificate reads it (crypto/x509 parser.go); throws a Refusal. */
export function parse(bytes: Uint8Array): Parsed {
  const input = der(bytes);
  const outer = need(read(input, tags.sequence), "malformed certificate");
  const tbs = need(read(outer, tags.sequence), "malformed tbs certificate");
  const signedBytes = whole(tbs);
  const version = readVersion(tbs);
  const serial = need(readInteger(tbs), "malformed serial number");
  if ((serial[0] ?? 0) >= 0x80) refuse("negative serial number");

  const identifier = need(read(tbs, tags.sequence), "malformed signature algorithm identifier");
  const outerIdentifier = need(read(outer, tags.sequence), "malformed algorithm identifier");
  if (!sameBytes(content(identifier), content(outerIdentifier))) {
    refuse("inner and outer signature algorithm identifiers don't match");
  }
  const algorithm = signatureAlgorithm(readAlgorithm(identifier));

  const issuer = need(read(tbs, tags.sequence), "malformed issuer");
  const rawIssuer = whole(issuer);
  const issuerName = readName(issuer);
  const validity = need(read(tbs, tags.sequence), "malformed validity");
  const [notBefore, notAfter] = [readTime(validity), readTime(validity)];
  const subject = need(read(tbs, tags.sequence), "malformed issuer");
  const rawSubject = whole(subject);
  const subjectName = sameBytes(rawIssuer, rawSubject) ? issuerName : readName(subject);
  const spki = need(read(tbs, tags.sequence), "malformed spki");
  const rawSpki = whole(spki);
  const key = readPublicKey(spki);

  const extensions = version > 1 ? readRest(tbs, version) : noExtensions();
  const signature = rightAligned(need(readBitString(outer), "malformed signature"));
  if (!empty(input)) refuse("trailing data");
  return {
    version,
    serial,
    signedBytes,
    algorithm,
    signature,
    rawIssuer,
    rawSubject,
    issuer: issuerName.text,
    subject: subjectName.text,
    commonName: subjectName.commonName,
    notBefore,
    notAfter,
    spki: rawSpki,
    key,
    extensions,
  };
}

// 1 to 3, though it is written as 0 to 2.
function readVersion(tbs: Der): number {
  if (!next(tbs, constructed(0))) return 1;
  const wrapped = need(read(tbs, constructed(0)), "malformed version");
  const version = need(readInt64(wrapped), "malformed version");
  if (!empty(wrapped) || version < 0n) refuse("malformed version");
  return version > 2n ? refuse("invalid version") : Number(version) + 1;
}

function readRest(tbs: Der, version: number) {
  if (next(tbs, context(1))) need(read(tbs, context(1)), "malformed issuerUniqueID");
  if (next(tbs, context(2))) need(read(tbs, context(2)), "malformed subjectUniqueID");
  return version === 3 ? readExtensions(tbs) : noExtensions();
}
