import { sha256 } from "./bytes.ts";
import { cache } from "./cache.ts";
import type { Certificate, Verification } from "./types.ts";

/** A verification, and the stretch of time for which it is true. */
interface Lasting {
  from: number;
  until: number;
  verification: Verification;
}

const answers = cache<Lasting>(2048, 4 * 2 ** 20);

/**
 * Remembers verifications. An answer depends on the clock only through the
 * dates of the certificates that were asked about, so it is true up to the next
 * of these dates, and not a millisecond longer.
 */
export function remembered(
  question: string,
  certificates: readonly (readonly Certificate[])[],
  now: Date,
  verify: () => Verification,
): Verification {
  const time = now.getTime();
  const lasting = answers.get(keyOf(question, certificates), unasked, weightOf(certificates));
  if (time >= lasting.from && time < lasting.until) return lasting.verification;
  lasting.verification = verify();
  Object.assign(lasting, stretchAround(time, certificates));
  return lasting.verification;
}

const unasked = (): Lasting => ({
  from: Number.POSITIVE_INFINITY,
  until: Number.NEGATIVE_INFINITY,
  verification: { ok: false, chains: [] },
});

function keyOf(question: string, certificates: readonly (readonly Certificate[])[]): string {
  let key = question;
  for (const list of certificates) {
    key += "/";
    for (const { fingerprint } of list) key += fingerprint;
  }
  return key.length <= 1000 ? key : sha256(key);
}

// Certificates that an answer may hold.
function weightOf(certificates: readonly (readonly Certificate[])[]): number {
  let weight = 0;
  for (const list of certificates) for (const { der } of list) weight += der.length;
  return weight;
}

/** The stretch in which no certificate begins or ceases to be valid. */
function stretchAround(time: number, certificates: readonly (readonly Certificate[])[]) {
  let [from, until] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { notBefore, notAfter } of certificates.flat()) {
    // Go counts in milliseconds here, webpki in seconds: to the one it is over a millisecond later, to the other a second.
    for (const turn of [notBefore.getTime(), notAfter.getTime() + 1, notAfter.getTime() + 1000]) {
      if (turn <= time) from = Math.max(from, turn);
      else until = Math.min(until, turn);
    }
  }
  return { from, until };
}
