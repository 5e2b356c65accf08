import { constructed, der, empty, next, read, readAny, readInt64, readOid, tags, whole } from "../der.ts";
import { type Algorithm, isNull } from "../key.ts";
import { oid } from "../oid.ts";

/** How a certificate is signed, as Go sees it. */
export interface SignatureAlgorithm {
  /** Go's name for it. */
  readonly name: string;
  readonly key: "RSA" | "ECDSA" | "Ed25519" | "DSA" | "none";
  readonly hash: "md5" | "sha1" | "sha256" | "sha384" | "sha512" | "none";
  readonly pss?: true;
}

/** As Go's getSignatureAlgorithmFromAI: by OID alone, but for RSA-PSS and Ed25519. */
export function signatureAlgorithm(identifier: Algorithm): SignatureAlgorithm {
  if (identifier.oid === pssOid) return readPss(identifier.parameters) ?? unknown;
  const known = algorithms.get(identifier.oid) ?? unknown;
  return known.key === "Ed25519" && identifier.parameters !== undefined ? unknown : known;
}

const unknown: SignatureAlgorithm = { name: "unknown", key: "none", hash: "none" };
const pssOid = oid("1.2.840.113549.1.1.10");

const algorithms = new Map<string, SignatureAlgorithm>([
  [oid("1.2.840.113549.1.1.4"), { name: "MD5-RSA", key: "RSA", hash: "md5" }],
  [oid("1.2.840.113549.1.1.5"), { name: "SHA1-RSA", key: "RSA", hash: "sha1" }],
  [oid("1.3.14.3.2.29"), { name: "SHA1-RSA", key: "RSA", hash: "sha1" }],
  [oid("1.2.840.113549.1.1.11"), { name: "SHA256-RSA", key: "RSA", hash: "sha256" }],
  [oid("1.2.840.113549.1.1.12"), { name: "SHA384-RSA", key: "RSA", hash: "sha384" }],
  [oid("1.2.840.113549.1.1.13"), { name: "SHA512-RSA", key: "RSA", hash: "sha512" }],
  [oid("1.2.840.10040.4.3"), { name: "DSA-SHA1", key: "DSA", hash: "sha1" }],
  [oid("2.16.840.1.101.3.4.3.2"), { name: "DSA-SHA256", key: "DSA", hash: "sha256" }],
  [oid("1.2.840.10045.4.1"), { name: "ECDSA-SHA1", key: "ECDSA", hash: "sha1" }],
  [oid("1.2.840.10045.4.3.2"), { name: "ECDSA-SHA256", key: "ECDSA", hash: "sha256" }],
  [oid("1.2.840.10045.4.3.3"), { name: "ECDSA-SHA384", key: "ECDSA", hash: "sha384" }],
  [oid("1.2.840.10045.4.3.4"), { name: "ECDSA-SHA512", key: "ECDSA", hash: "sha512" }],
  [oid("1.3.101.112"), { name: "Ed25519", key: "Ed25519", hash: "none" }],
]);

const mgf1 = oid("1.2.840.113549.1.1.8");

const pssHashes = new Map<string, { readonly salt: bigint; readonly algorithm: SignatureAlgorithm }>([
  [
    oid("2.16.840.1.101.3.4.2.1"),
    { salt: 32n, algorithm: { name: "SHA256-RSAPSS", key: "RSA", hash: "sha256", pss: true } },
  ],
  [
    oid("2.16.840.1.101.3.4.2.2"),
    { salt: 48n, algorithm: { name: "SHA384-RSAPSS", key: "RSA", hash: "sha384", pss: true } },
  ],
  [
    oid("2.16.840.1.101.3.4.2.3"),
    { salt: 64n, algorithm: { name: "SHA512-RSAPSS", key: "RSA", hash: "sha512", pss: true } },
  ],
]);

/**
 * RSASSA-PSS parameters (RFC 4055 section 3.1) as Go's asn1.Unmarshal reads
 * them: one hash for the message and the mask, a salt as long, the usual trailer.
 */
function readPss(parameters: Uint8Array | undefined): SignatureAlgorithm | undefined {
  const sequence = parameters && read(der(parameters), tags.sequence);
  if (sequence === undefined) return undefined;
  const hash = identifierIn(explicit(sequence, 0));
  const mask = identifierIn(explicit(sequence, 1));
  const saltField = explicit(sequence, 2);
  const salt = saltField && readInt64(saltField);
  const trailerField = next(sequence, constructed(3)) ? readAny(sequence) : undefined;
  const trailer = trailerField === undefined ? 1n : readInt64(trailerField);
  const maskHash = mask?.parameters && identifierIn(der(mask.parameters));
  if (hash === undefined || mask?.oid !== mgf1 || maskHash?.oid !== hash.oid || trailer !== 1n)
    return undefined;
  if (!absentOrNull(hash) || !absentOrNull(maskHash)) return undefined;
  const known = pssHashes.get(hash.oid);
  return known?.salt === salt ? known?.algorithm : undefined;
}

const absentOrNull = ({ parameters }: Algorithm): boolean => parameters === undefined || isNull(parameters);

const explicit = (from: ReturnType<typeof der>, number: number) => read(from, constructed(number));

function identifierIn(from: ReturnType<typeof der> | undefined): Algorithm | undefined {
  const sequence = from && read(from, tags.sequence);
  const algorithm = sequence && readOid(sequence);
  if (sequence === undefined || algorithm === undefined) return undefined;
  if (empty(sequence)) return { oid: algorithm, parameters: undefined };
  const parameters = readAny(sequence);
  return parameters && { oid: algorithm, parameters: whole(parameters) };
}
