import { checkPrimeSync, createHash } from "node:crypto";
import { integer, sequence } from "./der.ts";

/** An RSA key in PKCS#1, the same for the same label. Weak, of course: whoever knows the label has it. */
export function rsaKey(bits: number, label: string, e = 65537n): Buffer {
  const [p, q] = [prime(bits / 2, `p ${label}`, e), prime(bits / 2, `q ${label}`, e)];
  const d = inverse(e, (p - 1n) * (q - 1n));
  const values = [0n, p * q, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  return sequence(...values.map(integer));
}

export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

const smallPrimes = Array.from({ length: 2000 }, (_, n) => n).filter(
  (n) => n > 2 && !Array.from({ length: 43 }, (_, i) => i + 2).some((d) => d < n && n % d === 0),
);

/** The first prime above a number drawn from the text, such that the exponent stays invertible. */
function prime(bits: number, text: string, e: bigint): bigint {
  const drawn = createHash("shake256", { outputLength: bits / 8 })
    .update(text)
    .digest();
  drawn.writeUInt8(drawn.readUInt8(0) | 0xc0, 0);
  const start = BigInt(`0x${drawn.toString("hex")}`) | 1n;
  const rests = smallPrimes.map((small) => Number(start % BigInt(small)));
  for (let step = 0; ; step += 2) {
    if (smallPrimes.some((small, i) => ((rests[i] ?? 0) + step) % small === 0)) continue;
    const candidate = start + BigInt(step);
    if ((candidate - 1n) % e !== 0n && checkPrimeSync(candidate, { checks: 2 })) return candidate;
  }
}
