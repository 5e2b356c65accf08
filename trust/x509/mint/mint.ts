import { createHash, KeyObject, randomBytes, webcrypto } from "node:crypto";
import { openCertificate } from "../certificate.ts";
import type { Certificate } from "../types.ts";
import { authorityExtensions, identifiers, leafExtensions } from "./extensions.ts";
import { bufferOf, loadTools, nameOf, publicKeyInfo, signingKey, timeOf } from "./tools.ts";

/** What a certificate shall say. */
export type Wish = (Authority | Leaf) & {
  /** The common name, or a whole Name as DER. */
  readonly subject: string | Uint8Array;
  /** Whose certificate it is: the public half of this key. */
  readonly key: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
};

export interface Authority {
  readonly kind: "authority";
  /** How many authorities may stand below it. */
  readonly pathLength?: number;
  /** The DNS domains it may sign for; without them, any. */
  readonly permittedDomains?: readonly string[];
}

export interface Leaf {
  readonly kind: "leaf";
  readonly dnsNames: readonly string[];
  readonly usages: readonly ("serverAuth" | "clientAuth")[];
}

/** Who signs. */
export interface Signer {
  readonly certificate: Certificate;
  /** Its private key. */
  readonly key: KeyObject;
}

/** As crypto.randomBytes; tests hand in their own. */
export type Random = (bytes: number) => Uint8Array;

/** Makes a private key: ECDSA P-256, the one kind that Linkerd takes everywhere. */
export async function mintKey(): Promise<KeyObject> {
  const pair = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  return KeyObject.from(pair.privateKey);
}

/** Makes and signs a certificate. Without a signer it signs itself, for which its key must be the private one. */
export async function mintCertificate(
  wish: Wish,
  signer?: Signer,
  random: Random = randomBytes,
): Promise<Certificate> {
  const tools = await loadTools();
  const { pkijs, asn1, engine } = tools;
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1.Integer({ valueHex: positiveSerial(random) });
  certificate.subject = nameOf(tools, wish.subject);
  certificate.issuer = nameOf(tools, signer?.certificate.rawSubject ?? wish.subject);
  certificate.notBefore = timeOf(tools, wish.notBefore);
  certificate.notAfter = timeOf(tools, wish.notAfter);
  certificate.subjectPublicKeyInfo = publicKeyInfo(tools, wish.key);

  const own = keyIdOf(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
  const above = signer === undefined ? Buffer.from(own).toString("hex") : signer.certificate.subjectKeyId;
  certificate.extensions = [
    ...(wish.kind === "authority" ? authorityExtensions(tools, wish) : leafExtensions(tools, wish)),
    ...identifiers(tools, own, above),
  ];
  await certificate.sign(signingKey(signer?.key ?? wish.key), "SHA-256", engine);
  const minted = openCertificate(new Uint8Array(certificate.toSchema(true).toBER()));
  // Only a wish that no certificate can say gets here, such as a name that is no text.
  if ("unreadable" in minted) throw new Error(`the certificate would be unreadable: ${minted.unreadable}`);
  return minted;
}

/** RFC 7093 section 2, method 1: the first 160 bits of the SHA-256 of the key. */
function keyIdOf(point: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(point).digest().subarray(0, 20));
}

/** Sixteen octets, positive and without a leading zero (RFC 5280 section 4.1.2.2). */
function positiveSerial(random: Random): ArrayBuffer {
  const octets = new Uint8Array(random(16));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return bufferOf(octets);
}
