import { createHash } from "node:crypto";
import { bitString, context, integer, sequence, time } from "./der.ts";
import { commonName, writeExtensions } from "./extensions.ts";
import { type KeyPair, keyPair } from "./keys.ts";
import { after, day, hour, type Spoil, year } from "./options.ts";
import { pemBlock } from "./pem.ts";
import { type Algorithm, algorithmIdentifier, sign, usualAlgorithm } from "./signatures.ts";

/** A certificate, and the key that goes with it. */
export interface Minted {
  readonly der: Buffer;
  readonly pem: string;
  readonly keyPem: string;
  readonly pkcs8Pem: string;
  readonly key: KeyPair;
  readonly name: string;
  /** The encoded subject. */
  readonly subject: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly fingerprint: string;
}

export function anchor(name = "root.linkerd.cluster.local", spoil: Spoil = {}): Minted {
  const key = spoil.key ?? keyPair(spoil.keyKind);
  return mint(undefined, {
    name,
    notBefore: after(-30 * day),
    notAfter: after(10 * year),
    basicConstraints: { ca: true, pathLength: 1 },
    keyUsage: ["keyCertSign", "cRLSign"],
    subjectKeyId: key.keyId,
    ...spoil,
    key,
  });
}

export function issuer(parent: Minted, spoil: Spoil = {}): Minted {
  const key = spoil.key ?? keyPair(spoil.keyKind);
  return mint(parent, {
    name: "identity.linkerd.cluster.local",
    notBefore: after(-7 * day),
    notAfter: after(year),
    basicConstraints: { ca: true, pathLength: 0 },
    keyUsage: ["keyCertSign", "cRLSign"],
    subjectKeyId: key.keyId,
    authorityKeyId: parent.key.keyId,
    ...spoil,
    key,
  });
}

export function leaf(parent: Minted, spoil: Spoil = {}): Minted {
  const identity = "default.default.serviceaccount.identity.linkerd.cluster.local";
  const key = spoil.key ?? keyPair(spoil.keyKind, spoil.keyKind ? undefined : "leaf");
  return mint(parent, {
    name: identity,
    notBefore: after(-hour),
    notAfter: after(23 * hour),
    keyUsage: ["digitalSignature", "keyEncipherment"],
    extKeyUsage: ["serverAuth", "clientAuth"],
    sans: [`dns:${identity}`],
    authorityKeyId: parent.key.keyId,
    ...spoil,
    key,
  });
}

let minted = 0;

/** Writes and signs exactly what the options say. Without a parent it signs itself. */
export function mint(parent: Minted | undefined, options: Spoil & { readonly key: KeyPair }): Minted {
  const { key, name = "" } = options;
  const signer = options.signer ?? parent?.key ?? key;
  const algorithm = options.algorithm ?? usualAlgorithm(signer);
  const subject = encodedName(options.subject ?? name);
  const { notBefore = after(-hour), notAfter = after(day), timeType } = options;
  const written = sequence(
    ...((options.version ?? 3) === 1 ? [] : [context(0, integer((options.version ?? 3) - 1))]),
    integer(options.serial ?? serial(++minted)),
    encodedAlgorithm(options.innerAlgorithm ?? algorithm),
    encodedName(options.issuerName ?? parent?.subject ?? subject),
    sequence(time(notBefore, timeType), time(notAfter, timeType)),
    subject,
    key.spki,
    ...(options.uniqueIds ?? []),
    ...extensionsBlock(options),
  );
  const body = options.tamper?.(written) ?? written;
  const signature = sign(signer, algorithm, body);
  if (options.flipSignature)
    signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1);
  const outer = encodedAlgorithm(options.outerAlgorithm ?? algorithm);
  return certificate(sequence(body, outer, bitString(options.rewriteSignature?.(signature) ?? signature)), {
    key,
    name,
    subject,
    notBefore,
    notAfter,
  });
}

type Known = Pick<Minted, "key" | "name" | "subject" | "notBefore" | "notAfter">;

/** The same certificate around other bytes: for damage done to the DER itself. */
export const withDer = (minted: Minted, der: Buffer): Minted => certificate(der, minted);

function certificate(der: Buffer, known: Known): Minted {
  return {
    ...known,
    der,
    pem: pemBlock("CERTIFICATE", der),
    keyPem: known.key.pem,
    pkcs8Pem: known.key.pkcs8Pem,
    fingerprint: createHash("sha256").update(der).digest("hex"),
  };
}

const encodedAlgorithm = (algorithm: Algorithm | Buffer): Buffer =>
  typeof algorithm === "string" ? algorithmIdentifier(algorithm) : algorithm;

const encodedName = (name: string | Buffer): Buffer => (typeof name === "string" ? commonName(name) : name);

function extensionsBlock(options: Spoil): Buffer[] {
  const written = writeExtensions(options);
  return written.length === 0 ? [] : [context(3, sequence(...written))];
}

/** Sixteen positive octets, different for every certificate and the same in every run. */
function serial(n: number): Buffer {
  const octets = createHash("sha256").update(`serial ${n}`).digest().subarray(0, 16);
  octets.writeUInt8((octets.readUInt8(0) & 0x7f) | 0x40, 0);
  return octets;
}
