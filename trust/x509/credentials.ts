import { binary, sameBytes, sha256, toBytes } from "./bytes.ts";
import { cache } from "./cache.ts";
import { inside } from "./certificate.ts";
import { describeKey, type Key } from "./key.ts";
import { readCertificates } from "./pem/certificates.ts";
import { blockOf } from "./pem/faults.ts";
import { nextPemBlock } from "./pem/go.ts";
import { type PublicHalf, readPkcs8, readSec1 } from "./private-keys/read.ts";
import { readRsaKey } from "./private-keys/read-rsa.ts";
import { attempt, refuse } from "./refusal.ts";
import type { Certificate, CredentialsReading } from "./types.ts";

/**
 * The issuer's chain and key as identity reads them: Linkerd's
 * ValidateAndCreateCreds (pkg/tls/cred.go, codec.go). The key is compared and
 * forgotten.
 */
export function readCredentials(
  chainPem: Uint8Array | string,
  keyPem: Uint8Array | string,
): CredentialsReading {
  const digests = `${sha256(chainPem)} ${sha256(keyPem)}`;
  return readings.get(digests, () => read(chainPem, keyPem), chainPem.length);
}

const readings = cache<CredentialsReading>(256, 2 ** 20);

function read(chainPem: Uint8Array | string, keyPem: Uint8Array | string): CredentialsReading {
  const { certificates, dropped, refused } = readCertificates(binary(toBytes(chainPem)));
  const chainRefused = refused ?? (certificates.length === 0 ? "no certificates found" : undefined);
  const key = attempt(() => readKey(binary(toBytes(keyPem))));
  return {
    chain: certificates,
    ...(chainRefused !== undefined && { chainRefused }),
    dropped,
    ...(typeof key === "string"
      ? { key: "unreadable", keyRefused: key }
      : { key: matches(key, certificates[0]) ? "matches" : "differs", keyAlgorithm: describe(key) }),
  };
}

/** DecodePEMKey: the first block and no other. */
function readKey(text: string): PublicHalf {
  const block = nextPemBlock(text, 0);
  if (block === undefined) return refuse("not PEM-encoded");
  switch (block.type) {
    case "EC PRIVATE KEY":
      return readSec1(block.bytes);
    case "RSA PRIVATE KEY":
      return readRsaKey(block.bytes);
    case "PRIVATE KEY":
      return readPkcs8(block.bytes);
    case "ENCRYPTED PRIVATE KEY":
      return refuse("unsupported block type: it is encrypted");
    default:
      return refuse(`unsupported block type: ${blockOf(block.type)} comes first`);
  }
}

function matches(key: Key, certificate: Certificate | undefined): boolean {
  const other = certificate && inside(certificate).key;
  if (key.kind === "ECDSA" && other?.kind === "ECDSA") return sameBytes(key.point, other.point);
  return (
    key.kind === "RSA" &&
    other?.kind === "RSA" &&
    key.exponent === other.exponent &&
    sameBytes(key.modulus, other.modulus)
  );
}

function describe(key: Key): string {
  const { algorithm, curve, bits } = describeKey(key);
  return `${algorithm} ${curve ?? bits}`;
}
