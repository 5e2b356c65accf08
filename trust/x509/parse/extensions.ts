import { binary } from "../bytes.ts";
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
  readBoolean,
  readInt64,
  readInteger,
  readOid,
  signed,
  tags,
} from "../der.ts";
import { oid } from "../oid.ts";
import { need, refuse } from "../refusal.ts";
import type { Extensions } from "./parsed.ts";
import { readNameConstraints, readSan } from "./san.ts";

export function noExtensions(): Extensions {
  return {
    keyUsage: 0,
    hasKeyUsage: false,
    basicConstraints: undefined,
    san: undefined,
    dnsNames: [],
    emails: [],
    addresses: [],
    uris: [],
    nameConstraints: undefined,
    extendedKeyUsage: undefined,
    subjectKeyId: nothing,
    authorityKeyId: nothing,
    policies: {
      ids: [],
      mappings: [],
      requireExplicit: undefined,
      inhibitMapping: undefined,
      inhibitAny: undefined,
    },
    unhandledCritical: false,
  };
}

const nothing = new Uint8Array();

/** The extensions of a v3 certificate as Go's parseCertificate and processExtensions read them. */
export function readExtensions(tbs: Der): Extensions {
  const out = noExtensions();
  if (!next(tbs, constructed(3))) return out;
  const wrapped = need(read(tbs, constructed(3)), "malformed extensions");
  const sequence = need(read(wrapped, tags.sequence), "malformed extensions");
  const found = new Map<string, { critical: boolean; value: Uint8Array }>();
  while (!empty(sequence)) {
    const extension = need(read(sequence, tags.sequence), "malformed extension");
    const id = need(readOid(extension), "malformed extension OID field");
    const critical = next(extension, tags.boolean)
      ? need(readBoolean(extension), "malformed extension critical field")
      : false;
    const value = content(need(read(extension, tags.octetString), "malformed extension value field"));
    if (found.has(id)) refuse("certificate contains duplicate extension");
    found.set(id, { critical, value });
  }
  for (const [id, { critical, value }] of found) {
    const unhandled = readers.get(id)?.(value, out, critical) ?? !readers.has(id);
    if (critical && unhandled) out.unhandledCritical = true;
  }
  return out;
}

/** Reads one extension; true if a critical one must count as not understood. */
type Reader = (value: Uint8Array, out: Extensions, critical: boolean) => boolean | undefined;

const readers = new Map<string, Reader>([
  [oid("2.5.29.14"), readSubjectKeyId],
  [oid("2.5.29.15"), readKeyUsage],
  [oid("2.5.29.17"), readSan],
  [oid("2.5.29.19"), readBasicConstraints],
  [oid("2.5.29.30"), (value, out, critical) => readNameConstraints(value, critical, out)],
  [oid("2.5.29.31"), checkDistributionPoints],
  [oid("2.5.29.32"), readPolicies],
  [oid("2.5.29.33"), readPolicyMappings],
  [oid("2.5.29.35"), readAuthorityKeyId],
  [oid("2.5.29.36"), readPolicyConstraints],
  [oid("2.5.29.37"), readExtendedKeyUsage],
  [oid("2.5.29.54"), readInhibitAnyPolicy],
  [oid("1.3.6.1.5.5.7.1.1"), checkAuthorityInfoAccess],
]);

function readSubjectKeyId(value: Uint8Array, out: Extensions, critical: boolean): undefined {
  if (critical) refuse("subject key identifier incorrectly marked critical");
  out.subjectKeyId = content(need(read(der(value), tags.octetString), "invalid subject key identifier"));
}

function readAuthorityKeyId(value: Uint8Array, out: Extensions, critical: boolean): undefined {
  if (critical) refuse("authority key identifier incorrectly marked critical");
  const sequence = need(read(der(value), tags.sequence), "invalid authority key identifier");
  if (!next(sequence, context(0))) return;
  out.authorityKeyId = content(need(read(sequence, context(0)), "invalid authority key identifier"));
}

function readKeyUsage(value: Uint8Array, out: Extensions): undefined {
  const { bytes } = need(readBitString(der(value)), "invalid key usage");
  const [first = 0, second = 0] = bytes;
  // Bit 0, digitalSignature, is the highest of the first octet; there are nine.
  for (let bit = 0; bit < 8; bit++) if (first & (0x80 >> bit)) out.keyUsage |= 1 << bit;
  if (second & 0x80) out.keyUsage |= 1 << 8;
  out.hasKeyUsage = true;
}

function readBasicConstraints(value: Uint8Array, out: Extensions): undefined {
  const invalid = "invalid basic constraints";
  const sequence = need(read(der(value), tags.sequence), invalid);
  const ca = next(sequence, tags.boolean) ? need(readBoolean(sequence), invalid) : false;
  let pathLength: bigint | undefined;
  if (next(sequence, tags.integer)) {
    const integer = need(readInteger(sequence), invalid);
    pathLength = signed(integer);
    if (integer.length > 9 || pathLength < 0n || pathLength >= 2n ** 63n) refuse(invalid);
  }
  out.basicConstraints = { ca, pathLength };
}

function readExtendedKeyUsage(value: Uint8Array, out: Extensions): undefined {
  const invalid = "invalid extended key usages";
  const sequence = need(read(der(value), tags.sequence), invalid);
  const usages: string[] = [];
  while (!empty(sequence)) usages.push(need(readOid(sequence), invalid));
  out.extendedKeyUsage = usages;
}

// Go keeps nothing of these that verification needs, but refuses what it cannot read.
function checkDistributionPoints(value: Uint8Array): undefined {
  const invalid = "invalid CRL distribution point";
  const points = need(read(der(value), tags.sequence), "invalid CRL distribution points");
  while (!empty(points)) {
    const point = need(read(points, tags.sequence), invalid);
    if (!next(point, constructed(0))) continue;
    const names = need(read(need(read(point, constructed(0)), invalid), constructed(0)), invalid);
    while (next(names, context(6))) need(read(names, context(6)), invalid);
  }
}

function checkAuthorityInfoAccess(value: Uint8Array, _out: Extensions, critical: boolean): undefined {
  if (critical) refuse("authority info access incorrectly marked critical");
  const invalid = "invalid authority info access";
  const sequence = need(read(der(value), tags.sequence), invalid);
  while (!empty(sequence)) {
    const access = need(read(sequence, tags.sequence), invalid);
    need(readOid(access), invalid);
    if (next(access, context(6))) need(read(access, context(6)), invalid);
  }
}

function readPolicies(value: Uint8Array, out: Extensions): undefined {
  const invalid = "invalid certificate policies";
  const sequence = need(read(der(value), tags.sequence), invalid);
  const ids = new Set<string>();
  while (!empty(sequence)) {
    const policy = need(read(sequence, tags.sequence), invalid);
    const id = binary(content(need(read(policy, tags.oid), invalid)));
    if (ids.has(id) || !isMinimalOid(id)) refuse(invalid);
    ids.add(id);
  }
  out.policies.ids = [...ids];
}

// As Go's newOIDFromDER: arcs of any size, none with a leading 0x80, none cut short.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are bytes.
const isMinimalOid = (id: string): boolean => /^(?:(?!\x80)[\x80-\xff]*[\x00-\x7f])+$/.test(id);

function readPolicyMappings(value: Uint8Array, out: Extensions): undefined {
  const invalid = "invalid policy mappings extension";
  const sequence = need(read(der(value), tags.sequence), invalid);
  const mappings: { issuer: string; subject: string }[] = [];
  while (!empty(sequence)) {
    const pair = need(read(sequence, tags.sequence), invalid);
    const issuer = binary(content(need(read(pair, tags.oid), invalid)));
    const subject = binary(content(need(read(pair, tags.oid), invalid)));
    mappings.push({ issuer, subject });
  }
  out.policies.mappings = mappings;
}

function readPolicyConstraints(value: Uint8Array, out: Extensions): undefined {
  const invalid = "invalid policy constraints extension";
  const sequence = need(read(der(value), tags.sequence), invalid);
  if (next(sequence, context(0)))
    out.policies.requireExplicit = need(readInt64(sequence, context(0)), invalid);
  if (next(sequence, context(1)))
    out.policies.inhibitMapping = need(readInt64(sequence, context(1)), invalid);
}

function readInhibitAnyPolicy(value: Uint8Array, out: Extensions): undefined {
  out.policies.inhibitAny = need(readInt64(der(value)), "invalid inhibit any policy extension");
}
