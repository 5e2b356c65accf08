import { named } from "../../naming.ts";
import { sameBytes } from "../bytes.ts";
import { inside } from "../certificate.ts";
import { bitLength, type Key } from "../key.ts";
import { isSignedBy } from "../signature.ts";
import type { Certificate } from "../types.ts";
import { certSign } from "../usages.ts";

/** Certificate.isValid: why this certificate cannot be next in the chain, whose last member it signed. */
export function checkValidity(
  certificate: Certificate,
  kind: "leaf" | "intermediate" | "root",
  chain: readonly Certificate[],
  now: Date,
): string | undefined {
  const parsed = inside(certificate);
  const child = chain[chain.length - 1];
  if (parsed.extensions.unhandledCritical)
    return `${named(certificate)} has a critical extension that identity does not know`;
  if (child !== undefined && !sameBytes(child.rawIssuer, certificate.rawSubject)) {
    return `${named(certificate)} is not named as the issuer of ${named(child)}`;
  }
  const time = now.getTime();
  if (time < parsed.notBefore)
    return `${named(certificate)} is not valid before ${instant(parsed.notBefore)}`;
  if (time > parsed.notAfter) return `${named(certificate)} expired on ${instant(parsed.notAfter)}`;
  const { basicConstraints } = parsed.extensions;
  if (kind === "intermediate" && basicConstraints?.ca !== true) return `${named(certificate)} is not a CA`;
  if (basicConstraints?.pathLength !== undefined && chain.length - 1 > basicConstraints.pathLength) {
    return `${named(certificate)} allows only ${basicConstraints.pathLength} intermediates below it`;
  }
  return undefined;
}

/** RFC 3339, to the second, as certificates count time. */
const instant = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");

/** Certificate.CheckSignatureFrom: why the parent may not have signed the child, or has not. */
export function checkSignatureFrom(child: Certificate, parent: Certificate): string | undefined {
  const { version, extensions, key } = inside(parent);
  const { basicConstraints, keyUsage } = extensions;
  if (basicConstraints === undefined ? version === 3 : !basicConstraints.ca)
    return `${named(parent)} is not a CA`;
  if (keyUsage !== 0 && (keyUsage & certSign) === 0) {
    return `${named(parent)} may not sign certificates: its key usage lacks certSign`;
  }
  if (key === undefined) return `${named(parent)} has a kind of key that identity does not know`;
  const { algorithm } = inside(child);
  if (algorithm.key === "none")
    return `${named(child)} is signed with an algorithm that identity does not know`;
  if (algorithm.hash === "md5" || algorithm.hash === "sha1") {
    return `${named(child)} is signed with ${algorithm.name}, which is insecure`;
  }
  const weak = unusable(key);
  if (weak !== undefined) return `${named(parent)} ${weak}`;
  if (isSignedBy(inside(child), child.fingerprint, { fingerprint: parent.keyFingerprint, key }))
    return undefined;
  return `${named(child)} is not signed by the key of ${named(parent)}`;
}

/** crypto/rsa's checkKeySize and checkPublicKey; the elliptic curves have been checked at reading. */
function unusable(key: Key): string | undefined {
  if (key.kind === "DSA") return "has a DSA key, which identity does not use";
  if (key.kind !== "RSA") return undefined;
  if (bitLength(key.modulus) < 1024)
    return `has an RSA key of ${bitLength(key.modulus)} bits, which is insecure`;
  const even = ((key.modulus[key.modulus.length - 1] ?? 0) & 1) === 0;
  const { exponent } = key;
  if (even || exponent < 2n || exponent % 2n === 0n || exponent > 2n ** 31n - 1n)
    return "has an invalid RSA key";
  return undefined;
}
