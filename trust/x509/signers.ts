import { inside, rawKey } from "./certificate.ts";
import { isSignedBy } from "./signature.ts";
import type { Certificate, Fingerprint } from "./types.ts";

/** Of certificates of one name, no more are tried for each signature. */
const mostTried = 16;

/**
 * For each certificate those others that signed it: by name, key identifier and
 * signature alone. Whether Linkerd lets them sign is for verification to say.
 */
export function signersAmong(
  certificates: readonly Certificate[],
): ReadonlyMap<Fingerprint, readonly Certificate[]> {
  const byName = Map.groupBy(certificates, ({ rawSubject }) => rawKey(rawSubject));
  return new Map(
    certificates.map((child) => {
      // Who signs itself needs nobody above it, though a namesake with its key may stand beside it.
      if (signed(child, child)) return [child.fingerprint, []];
      const candidates = (byName.get(rawKey(child.rawIssuer)) ?? []).filter((parent) => fits(child, parent));
      return [child.fingerprint, candidates.slice(0, mostTried).filter((parent) => signed(child, parent))];
    }),
  );
}

function fits({ fingerprint, authorityKeyId }: Certificate, parent: Certificate): boolean {
  if (parent.fingerprint === fingerprint) return false;
  return (
    authorityKeyId === undefined ||
    parent.subjectKeyId === undefined ||
    authorityKeyId === parent.subjectKeyId
  );
}

function signed(child: Certificate, parent: Certificate): boolean {
  if (rawKey(child.rawIssuer) !== rawKey(parent.rawSubject)) return false;
  const { key } = inside(parent);
  if (key === undefined) return false;
  return isSignedBy(inside(child), child.fingerprint, { fingerprint: parent.keyFingerprint, key });
}
