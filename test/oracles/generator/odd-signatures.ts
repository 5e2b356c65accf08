import { bigEndian, integer, nul, oid, sequence, tlv } from "../../certificates/der.ts";
import { keyPair, type Spoil } from "../../certificates/index.ts";

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Signatures by others, with other algorithms, written otherwise or not at all. */
export const signatures: Readonly<Record<string, Spoil>> = {
  flipped: { flipSignature: true },
  "by another key": { signer: keyPair("P-256", "stranger") },
  "by another kind of key": { signer: keyPair("RSA-2048", "stranger") },
  "ECDSA with SHA-1": { algorithm: "ecdsa-sha1" },
  "ECDSA with SHA-256": { algorithm: "ecdsa-sha256" },
  "ECDSA with SHA-384": { algorithm: "ecdsa-sha384" },
  "ECDSA with SHA-512": { algorithm: "ecdsa-sha512" },
  "RSA with SHA-1": { algorithm: "rsa-sha1" },
  "RSA with SHA-384": { algorithm: "rsa-sha384" },
  "RSA with SHA-512": { algorithm: "rsa-sha512" },
  "RSA-PSS": { algorithm: "pss-sha256" },
  "RSA-PSS with SHA-384": { algorithm: "pss-sha384" },
  "RSA-PSS with SHA-512": { algorithm: "pss-sha512" },
  "RSA-PSS with SHA-1": { algorithm: "pss-sha1" },
  "inner algorithm differs": { innerAlgorithm: "ecdsa-sha512" },
  "outer algorithm differs": { outerAlgorithm: "ecdsa-sha512" },
  "both name the wrong family": both("rsa-sha256"),
  "both name Ed25519": both("ed25519"),
  "both name SHA-1": both("ecdsa-sha1"),
  "an unknown algorithm": both(sequence(oid("1.3.6.1.4.1.99999.3"))),
  "ECDSA with NULL": both(sequence(oid("1.2.840.10045.4.3.2"), nul())),
  "ECDSA with NULL inside": { innerAlgorithm: sequence(oid("1.2.840.10045.4.3.2"), nul()) },
  "RSA without NULL": both(sequence(oid("1.2.840.113549.1.1.11"))),
  "RSA with MD5": both(sequence(oid("1.2.840.113549.1.1.4"), nul())),
  "RSA by its older name": both(sequence(oid("1.3.14.3.2.29"), nul())),
  "Ed25519 with NULL": both(sequence(oid("1.3.101.112"), nul())),
  "RSA-PSS without parameters": both(sequence(oid("1.2.840.113549.1.1.10"))),
  "DSA with SHA-256": both(sequence(oid("2.16.840.1.101.3.4.3.2"))),
  "the other s": rewritten((r, s) => sequence(integer(r), integer(order - s))),
  "s beyond the order": rewritten((r, s) => sequence(integer(r), integer(order + s))),
  "r of zero": rewritten((_, s) => sequence(integer(0), integer(s))),
  "s of zero": rewritten((r) => sequence(integer(r), integer(0))),
  "r negative": rewritten((r, s) => sequence(integer(-r), integer(s))),
  "padded numbers": rewritten((r, s) => sequence(integer(padded(r)), integer(padded(s)))),
  "a third number": rewritten((r, s) => sequence(integer(r), integer(s), integer(1))),
  "bytes after it": { rewriteSignature: (signature) => Buffer.concat([signature, Buffer.of(0)]) },
  "a zero before it": { rewriteSignature: (signature) => Buffer.concat([Buffer.of(0), signature]) },
  "one byte short": { rewriteSignature: (signature) => signature.subarray(0, -1) },
  "without its first byte": { rewriteSignature: (signature) => signature.subarray(1) },
  "a long form of its length": {
    rewriteSignature: (signature) => Buffer.concat([Buffer.of(0x30, 0x81), signature.subarray(1)]),
  },
  "r and s side by side": rewritten((r, s) => Buffer.concat([bigEndian(r, 32), bigEndian(s, 32)])),
  "r and s as a SET": rewritten((r, s) => tlv(0x31, integer(r), integer(s))),
  empty: { rewriteSignature: () => Buffer.alloc(0) },
  zeros: { rewriteSignature: (signature) => Buffer.alloc(signature.length) },
};

function both(algorithm: NonNullable<Spoil["innerAlgorithm"]>): Spoil {
  return { innerAlgorithm: algorithm, outerAlgorithm: algorithm };
}

const padded = (value: bigint): Buffer => Buffer.concat([Buffer.of(0, 0), bigEndian(value)]);

/** Takes an ECDSA signature apart; leaves any other as it is. */
function rewritten(write: (r: bigint, s: bigint) => Buffer): Spoil {
  return {
    rewriteSignature: (signature) => {
      const sizeOfR = signature[3] ?? 0;
      if (signature[0] !== 0x30 || signature.length !== (signature[1] ?? 0) + 2) return signature;
      const number = (bytes: Buffer) => BigInt(`0x${bytes.toString("hex") || "0"}`);
      return write(number(signature.subarray(4, 4 + sizeOfR)), number(signature.subarray(6 + sizeOfR)));
    },
  };
}
