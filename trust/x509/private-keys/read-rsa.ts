import { bigint } from "../bytes.ts";
import { type Der, der, empty, next, read, readInt64, readInteger, signed, tags } from "../der.ts";
import { type Key, positiveNumber } from "../key.ts";
import { refuse } from "../refusal.ts";
import { isHeaderSound } from "./explicit.ts";

type RsaKey = Extract<Key, { kind: "RSA" }>;

interface Fields {
  readonly version: bigint;
  readonly modulus: Uint8Array;
  readonly exponent: bigint;
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  /** dP, dQ and qInv, as far as they are written. */
  readonly crt: readonly bigint[];
  readonly primes: readonly bigint[];
}

/** PKCS #1 (RFC 8017 appendix A.1.2) as Go's x509.ParsePKCS1PrivateKey reads and validates it; throws a Refusal. */
export function readRsaKey(bytes: Uint8Array): RsaKey {
  const fields = rsaFields(bytes);
  if (fields === undefined) return refuse("failed to parse RSA private key");
  const modulus = positiveNumber(fields.modulus);
  const { version, exponent, d, p, q, crt, primes } = fields;
  if (version > 1n) refuse("unsupported private key version");
  if (modulus === undefined || [d, p, q, ...crt, ...primes].some((number) => number <= 0n)) {
    return refuse("private key contains zero or negative value");
  }
  const n = bigint(modulus);
  if (n % 2n === 0n || exponent < 2n || exponent % 2n === 0n || exponent > 2n ** 31n - 1n || d >= n) {
    refuse("invalid RSA private key");
  }
  if (primes.length === 0) checkPrimes(fields, n);
  return { kind: "RSA", modulus, exponent };
}

export const looksLikeRsa = (bytes: Uint8Array): boolean => rsaFields(bytes) !== undefined;

/** crypto/internal/fips140/rsa checkPrivateKey. */
function checkPrimes({ exponent: e, d, p, q, crt }: Fields, n: bigint): void {
  const broken = "invalid RSA private key: its numbers do not fit together";
  if (p < 3n || q < 3n || p >= n || q >= n || (p * q) % n !== 0n) refuse(broken);
  const [dP = d % (p - 1n), dQ = d % (q - 1n), qInv] = crt.length === 3 ? crt : [];
  if (dP >= p - 1n || dQ >= q - 1n) refuse(broken);
  if ((e * dP) % (p - 1n) !== 1n || (e * dQ) % (q - 1n) !== 1n) refuse(broken);
  if (qInv === undefined ? p % 2n === 0n : qInv >= p || (qInv * q) % p !== 1n) refuse(broken);
  if (d % (p - 1n) !== dP || d % (q - 1n) !== dQ) refuse(broken);
  const half = Math.floor(bits(n) / 2);
  if (p === q || bits(p > q ? p - q : q - p) <= half - 100)
    refuse("invalid RSA private key: its primes are too close");
  if (bits(d) <= half) refuse("invalid RSA private key: its exponent is too small");
}

const bits = (number: bigint): number => number.toString(2).length;

function rsaFields(bytes: Uint8Array): Fields | undefined {
  const input = der(bytes);
  const sequence = read(input, tags.sequence);
  // A key of more than 16384 bits is beyond what OpenSSL and Linkerd can use; we do not reckon with it.
  if (sequence === undefined || !empty(input) || bytes.length > 16_384) return undefined;
  const version = readInt64(sequence);
  const modulus = readInteger(sequence);
  const exponent = readInt64(sequence);
  const [d, p, q] = [readInteger(sequence), readInteger(sequence), readInteger(sequence)];
  if (version === undefined || modulus === undefined || exponent === undefined) return undefined;
  if (d === undefined || p === undefined || q === undefined) return undefined;
  const crt: bigint[] = [];
  for (let field = 0; field < 3; field++) {
    if (!isHeaderSound(sequence)) return undefined;
    if (!next(sequence, tags.integer)) continue;
    const number = readInteger(sequence);
    if (number === undefined) return undefined;
    crt.push(signed(number));
  }
  const primes = additionalPrimes(sequence);
  if (primes === undefined) return undefined;
  return { version, modulus, exponent, d: signed(d), p: signed(p), q: signed(q), crt, primes };
}

// OtherPrimeInfos: three numbers each, of which Go uses one.
function additionalPrimes(sequence: Der): readonly bigint[] | undefined {
  if (!isHeaderSound(sequence)) return undefined;
  if (!next(sequence, tags.sequence)) return [];
  const infos = read(sequence, tags.sequence);
  if (infos === undefined) return undefined;
  const primes: bigint[] = [];
  while (!empty(infos)) {
    const info = read(infos, tags.sequence);
    const [prime, exponent, coefficient] = info
      ? [readInteger(info), readInteger(info), readInteger(info)]
      : [];
    if (prime === undefined || exponent === undefined || coefficient === undefined) return undefined;
    primes.push(signed(prime));
  }
  return primes;
}
