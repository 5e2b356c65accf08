import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { bigEndian, bitString, context, integer, octetString, oid, sequence } from "./der.ts";
import { pemBlock } from "./pem.ts";
import { rsaKey } from "./rsa.ts";

export type Curve = "P-224" | "P-256" | "P-384" | "P-521";
export type KeyKind = Curve | "RSA-1024" | "RSA-2048" | "RSA-3072" | "RSA-4096" | "Ed25519";

export interface KeyPair {
  readonly kind: KeyKind;
  readonly label: string;
  readonly private: KeyObject;
  readonly spki: Buffer;
  readonly keyId: Buffer;
  /** SEC1 for EC as `step` writes it, PKCS#1 for RSA, PKCS#8 for Ed25519. */
  readonly pem: string;
  readonly pkcs8Pem: string;
  /** The private scalar of an EC key. */
  readonly scalar: bigint | undefined;
}

const cache = new Map<string, KeyPair>();
let unlabelled = 0;

/**
 * A key made from its label: the same label gives the same pair, no label a new one.
 * It is the same in every run too, so that a seed reproduces whole certificates.
 */
export function keyPair(kind: KeyKind = "P-256", label = `unlabelled-${++unlabelled}`): KeyPair {
  const id = `${kind}/${label}`;
  const known = cache.get(id);
  if (known !== undefined) return known;
  const made = make(kind, label);
  cache.set(id, made);
  return made;
}

export const curves = {
  "P-224": {
    openssl: "secp224r1",
    oid: "1.3.132.0.33",
    order: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
    size: 28,
  },
  "P-256": {
    openssl: "prime256v1",
    oid: "1.2.840.10045.3.1.7",
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    size: 32,
  },
  "P-384": {
    openssl: "secp384r1",
    oid: "1.3.132.0.34",
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    size: 48,
  },
  "P-521": {
    openssl: "secp521r1",
    oid: "1.3.132.0.35",
    order: (1n << 521n) - (1n << 260n) + 0xa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    size: 66,
  },
} as const;

export const isCurve = (kind: KeyKind): kind is Curve => kind in curves;

/** The x coordinate and the uncompressed point of scalar·G, by OpenSSL's hand. */
export function multiply(curve: Curve, scalar: bigint): { x: bigint; point: Buffer } {
  const { openssl, size } = curves[curve];
  const ecdh = createECDH(openssl);
  ecdh.setPrivateKey(bigEndian(scalar, size));
  const point = ecdh.getPublicKey();
  return { x: BigInt(`0x${point.subarray(1, 1 + size).toString("hex")}`), point };
}

/** A number below the curve's order, drawn from a text. */
export function scalarFrom(curve: Curve, text: string): bigint {
  const bytes = createHash("shake256", { outputLength: curves[curve].size + 8 })
    .update(text)
    .digest("hex");
  return (BigInt(`0x${bytes}`) % (curves[curve].order - 1n)) + 1n;
}

function make(kind: KeyKind, label: string): KeyPair {
  if (isCurve(kind)) {
    const scalar = scalarFrom(kind, `key ${label}`);
    const { size, oid: name } = curves[kind];
    const point = bitString(multiply(kind, scalar).point);
    const sec1 = sequence(
      integer(1),
      octetString(bigEndian(scalar, size)),
      context(0, oid(name)),
      context(1, point),
    );
    return describe(kind, label, createPrivateKey({ key: sec1, format: "der", type: "sec1" }), scalar);
  }
  if (kind === "Ed25519") {
    const seed = createHash("sha256").update(`key ${label}`).digest();
    const pkcs8 = sequence(integer(0), sequence(oid("1.3.101.112")), octetString(octetString(seed)));
    return describe(kind, label, createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }));
  }
  return rsaPair(kind, Number(kind.slice("RSA-".length)), label);
}

/** An RSA key of an odd size, or with another exponent than everybody's. */
export function rsaPair(kind: KeyKind, bits: number, label: string, exponent = 65537n): KeyPair {
  const pkcs1 = rsaKey(bits, `key ${kind} ${label}`, exponent);
  return describe(kind, label, createPrivateKey({ key: pkcs1, format: "der", type: "pkcs1" }));
}

function describe(kind: KeyKind, label: string, key: KeyObject, scalar?: bigint): KeyPair {
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const type = isCurve(kind) ? "sec1" : kind === "Ed25519" ? "pkcs8" : "pkcs1";
  const block = isCurve(kind) ? "EC PRIVATE KEY" : kind === "Ed25519" ? "PRIVATE KEY" : "RSA PRIVATE KEY";
  return {
    kind,
    label,
    private: key,
    spki,
    keyId: keyIdOf(spki),
    pem: pemBlock(block, key.export({ format: "der", type }) as Buffer),
    pkcs8Pem: pemBlock("PRIVATE KEY", key.export({ format: "der", type: "pkcs8" })),
    scalar,
  };
}

/** The identifier that RFC 5280 suggests for a public key. */
export const keyIdOf = (spki: Buffer): Buffer => createHash("sha1").update(publicBits(spki)).digest();

/** The BIT STRING's content, which ends the SPKI. */
function publicBits(spki: Buffer): Buffer {
  const skip = (at: number) => {
    const first = spki[at + 1] ?? 0;
    return first < 0x80
      ? { start: at + 2, length: first }
      : { start: at + 2 + (first & 0x7f), length: spki.readUIntBE(at + 2, first & 0x7f) };
  };
  const algorithm = skip(skip(0).start);
  return spki.subarray(skip(algorithm.start + algorithm.length).start + 1);
}
