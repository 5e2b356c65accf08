import { bitString, integer, nul, oid, sequence } from "../../certificates/der.ts";
import { type KeyPair, keyPair, rsaPair, type Spoil } from "../../certificates/index.ts";

const p256 = keyPair("P-256", "odd");
const rsa = keyPair("RSA-2048", "odd");
const point = p256.spki.subarray(-65);
const modulus = (rsa.private.export({ format: "jwk" }).n ?? "") as string;
const n = BigInt(`0x${Buffer.from(modulus, "base64url").toString("hex")}`);

const ec = (curve: Buffer, bytes: Buffer) =>
  sequence(sequence(oid("1.2.840.10045.2.1"), curve), bitString(bytes));
const p256Curve = oid("1.2.840.10045.3.1.7");
const rsaOf = (modulus: bigint | number, exponent: bigint | number, parameters = [nul()]) =>
  sequence(
    sequence(oid("1.2.840.113549.1.1.1"), ...parameters),
    bitString(sequence(integer(modulus), integer(exponent))),
  );
const written = (key: KeyPair, spki: Buffer): Spoil => ({ key: { ...key, spki } });

/** Public keys of every kind, and such as are none. The private half stays with the pair it came from. */
export const keys: Readonly<Record<string, Spoil>> = {
  "P-224": { key: keyPair("P-224", "odd") },
  "P-384": { key: keyPair("P-384", "odd") },
  "P-521": { key: keyPair("P-521", "odd") },
  Ed25519: { key: keyPair("Ed25519", "odd") },
  "RSA-1024": { key: keyPair("RSA-1024", "odd") },
  "RSA-2048": { key: rsa },
  "RSA-3072": { key: keyPair("RSA-3072", "odd") },
  "another P-256": { key: p256 },
  "RSA-2032": { key: rsaPair("RSA-2048", 2032, "two bytes short") },
  "RSA-2064": { key: rsaPair("RSA-2048", 2064, "two bytes long") },
  "RSA-2048 with exponent 3": { key: rsaPair("RSA-2048", 2048, "three", 3n) },
  "RSA-2048 with exponent 257": { key: rsaPair("RSA-2048", 2048, "257", 257n) },
  "RSA-2048 with a long exponent": { key: rsaPair("RSA-2048", 2048, "long", 2n ** 31n - 1n) },
  "RSA-2048 with a longer exponent": { key: rsaPair("RSA-2048", 2048, "longer", 2n ** 32n + 15n) },
  "a compressed point": written(
    p256,
    ec(p256Curve, Buffer.concat([Buffer.of(2 + ((point.at(-1) ?? 0) & 1)), point.subarray(1, 33)])),
  ),
  "a point off the curve": written(
    p256,
    ec(p256Curve, Buffer.concat([point.subarray(0, 64), Buffer.of((point.at(-1) ?? 0) ^ 1)])),
  ),
  "a short point": written(p256, ec(p256Curve, point.subarray(0, 64))),
  "the point at infinity": written(p256, ec(p256Curve, Buffer.of(0))),
  secp256k1: written(p256, ec(oid("1.3.132.0.10"), point)),
  "a curve written out": written(p256, ec(sequence(integer(1)), point)),
  "no curve": written(p256, sequence(sequence(oid("1.2.840.10045.2.1")), bitString(point))),
  "RSA without NULL": written(rsa, rsaOf(n, 65537, [])),
  "RSA with exponent 1": written(rsa, rsaOf(n, 1)),
  "RSA with exponent 3": written(rsa, rsaOf(n, 3)),
  "RSA with an even exponent": written(rsa, rsaOf(n, 65536)),
  "RSA with a huge exponent": written(rsa, rsaOf(n, 2n ** 33n + 1n)),
  "RSA with a negative exponent": written(rsa, rsaOf(n, -3)),
  "RSA with a negative modulus": written(rsa, rsaOf(-n, 65537)),
  "RSA with modulus zero": written(rsa, rsaOf(0, 65537)),
  "RSA for PSS only": written(
    rsa,
    sequence(sequence(oid("1.2.840.113549.1.1.10")), bitString(sequence(integer(n), integer(65537)))),
  ),
  DSA: written(
    p256,
    sequence(
      sequence(oid("1.2.840.10040.4.1"), sequence(integer(7), integer(5), integer(3))),
      bitString(integer(4)),
    ),
  ),
  X25519: written(p256, sequence(sequence(oid("1.3.101.110")), bitString(Buffer.alloc(32, 9)))),
  "a short Ed25519": written(p256, sequence(sequence(oid("1.3.101.112")), bitString(Buffer.alloc(31, 9)))),
  "Ed25519 with parameters": written(
    p256,
    sequence(sequence(oid("1.3.101.112"), nul()), bitString(Buffer.alloc(32, 9))),
  ),
  unknown: written(p256, sequence(sequence(oid("1.3.6.1.4.1.99999.8")), bitString(Buffer.alloc(9, 9)))),
  "unused bits": written(p256, sequence(sequence(oid("1.2.840.10045.2.1"), p256Curve), bitString(point, 1))),
  "no key": written(p256, sequence()),
};
