import { constants, createHash, sign as nodeSign } from "node:crypto";
import { bigEndian, context, integer, nul, oid, sequence } from "./der.ts";
import { type Curve, curves, isCurve, type KeyPair, multiply, scalarFrom } from "./keys.ts";
import { inverse } from "./rsa.ts";

const hashes = {
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
};
type Hash = keyof typeof hashes;

export type Algorithm = "ed25519" | `ecdsa-${Hash}` | `rsa-${Hash}` | `pss-${Hash}`;

/** The AlgorithmIdentifier. */
export function algorithmIdentifier(algorithm: Algorithm): Buffer {
  const { family, hash } = split(algorithm);
  if (family === "ed25519") return sequence(oid("1.3.101.112"));
  if (family === "ecdsa") return sequence(oid(ecdsaOids[hash]));
  if (family === "rsa") return sequence(oid(rsaOids[hash]), nul());
  const digest = sequence(oid(hashes[hash]), nul());
  const mask = sequence(oid("1.2.840.113549.1.1.8"), digest);
  const salt = integer(saltLengths[hash]);
  return sequence(
    oid("1.2.840.113549.1.1.10"),
    sequence(context(0, digest), context(1, mask), context(2, salt)),
  );
}

export function usualAlgorithm(key: KeyPair): Algorithm {
  if (key.kind === "Ed25519") return "ed25519";
  if (key.kind === "P-384") return "ecdsa-sha384";
  if (key.kind === "P-521") return "ecdsa-sha512";
  return key.kind.startsWith("RSA") ? "rsa-sha256" : "ecdsa-sha256";
}

/** Signs as the key can; an algorithm of another family leaves bytes that verify nowhere. */
export function sign(key: KeyPair, algorithm: Algorithm, message: Buffer): Buffer {
  const { family, hash } = split(algorithm);
  if (isCurve(key.kind)) return ecdsa(key, key.kind, hash, message);
  if (key.kind === "Ed25519") return nodeSign(null, message, key.private);
  if (family !== "pss") return nodeSign(hash, message, key.private);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const room = Number(key.kind.slice("RSA-".length)) / 8 - saltLengths[hash] - 2;
  return nodeSign(hash, message, {
    key: key.private,
    padding,
    saltLength: Math.min(room, saltLengths[hash]),
  });
}

const ecdsaOids = {
  sha1: "1.2.840.10045.4.1",
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4",
};
const rsaOids = {
  sha1: "1.2.840.113549.1.1.5",
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
};
const saltLengths = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

function split(algorithm: Algorithm): { family: string; hash: Hash } {
  const [family = "", hash = "sha256"] = algorithm.split("-");
  return { family, hash: hash as Hash }; // Algorithm is built from Hash
}

// node:crypto takes a random nonce. Drawing it from key and message instead
// makes the same certificate come out, byte for byte, in every run.
function ecdsa(key: KeyPair, curve: Curve, hash: Hash, message: Buffer): Buffer {
  const { order } = curves[curve];
  const bits = order.toString(2).length;
  const digest = createHash(hash).update(message).digest();
  const surplus = Math.max(0, digest.length * 8 - bits);
  const z = BigInt(`0x${digest.toString("hex")}`) >> BigInt(surplus);
  const nonce = scalarFrom(curve, `nonce ${key.label} ${digest.toString("hex")}`);
  const r = multiply(curve, nonce).x % order;
  const s = (inverse(nonce, order) * (z + r * (key.scalar ?? 0n))) % order;
  return sequence(unsigned(r), unsigned(s));
}

const unsigned = (value: bigint): Buffer => integer(value === 0n ? bigEndian(0n) : value);
