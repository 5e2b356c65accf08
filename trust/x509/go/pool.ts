import { sameBytes } from "../bytes.ts";
import { inside, rawKey } from "../certificate.ts";
import type { Certificate } from "../types.ts";

/** Go's CertPool. */
export interface Pool {
  readonly fingerprints: ReadonlySet<string>;
  readonly bySubject: ReadonlyMap<string, readonly Certificate[]>;
}

/** As CertPool.AddCert: twice the same certificate is once. */
export function pool(certificates: readonly Certificate[]): Pool {
  const fingerprints = new Set<string>();
  const bySubject = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    if (fingerprints.has(certificate.fingerprint)) continue;
    fingerprints.add(certificate.fingerprint);
    const key = rawKey(certificate.rawSubject);
    const namesakes = bySubject.get(key);
    if (namesakes === undefined) bySubject.set(key, [certificate]);
    else namesakes.push(certificate);
  }
  return { fingerprints, bySubject };
}

/** CertPool.findPotentialParents: namesakes of the issuer, those with the wanted key identifier first. */
export function potentialParents(from: Pool, child: Certificate): readonly Certificate[] {
  const namesakes = from.bySubject.get(rawKey(child.rawIssuer)) ?? [];
  if (namesakes.length < 2) return namesakes;
  const wanted = inside(child).extensions.authorityKeyId;
  const rank = (candidate: Certificate): number => {
    const offered = inside(candidate).extensions.subjectKeyId;
    if (sameBytes(offered, wanted)) return 0;
    return (offered.length === 0) !== (wanted.length === 0) ? 1 : 2;
  };
  return namesakes.toSorted((a, b) => rank(a) - rank(b));
}
