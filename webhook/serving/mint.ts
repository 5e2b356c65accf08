import { createHash, createPrivateKey, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import type { Extension, ICryptoEngine } from "pkijs";
import type { Credentials } from "./certificate.ts";

export interface Minting {
  readonly now: Date;
  readonly lifetimeMs: number;
}

/** Every authority of ours is called this and a few hexadecimal digits of its own. */
export const authorityName = "linkerd-certs serving CA";

/** Makes an authority for serving certificates and nothing else: P-256, path length 0. */
export async function mintAuthority(minting: Minting): Promise<Credentials> {
  const tools = await load();
  const keys = await makeKeys();
  const subject = `${authorityName} ${randomBytes(4).toString("hex")}`;
  const constraints = new tools.pkijs.BasicConstraints({ cA: true, pathLenConstraint: 0 });
  const certificate = await sign(tools, {
    ...minting,
    subject,
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    extensions: [extension(tools, "2.5.29.19", true, constraints.toSchema()), keyUsage(tools, 0x06, 1)], // keyCertSign, cRLSign
  });
  return { certificate, key: await exportKey(keys.privateKey) };
}

/** Makes a server's certificate for the names, which ends no later than its authority. */
export async function mintLeaf(
  authority: Credentials,
  names: readonly string[],
  { now, lifetimeMs }: Minting,
): Promise<Credentials> {
  const tools = await load();
  const { BasicConstraints, ExtKeyUsage, GeneralName, GeneralNames } = tools.pkijs;
  const keys = await makeKeys();
  const parent = new X509Certificate(authority.certificate);
  const usage = new ExtKeyUsage({ keyPurposes: ["1.3.6.1.5.5.7.3.1"] }); // serverAuth
  const dns = new GeneralNames({ names: names.map((value) => new GeneralName({ type: 2, value })) });
  const certificate = await sign(tools, {
    now,
    lifetimeMs: Math.min(lifetimeMs, parent.validToDate.getTime() - now.getTime()),
    subject: "linkerd-certs webhook",
    publicKey: keys.publicKey,
    parent,
    signer: await importKey(authority.key),
    extensions: [
      extension(tools, "2.5.29.19", true, new BasicConstraints({ cA: false }).toSchema()),
      keyUsage(tools, 0x80, 7), // digitalSignature
      extension(tools, "2.5.29.37", false, usage.toSchema()),
      extension(tools, "2.5.29.17", false, dns.toSchema()),
    ],
  });
  return { certificate, key: await exportKey(keys.privateKey) };
}

type Tools = Awaited<ReturnType<typeof load>>;

// Loaded by the replica that mints, when it mints: start-up and the other replicas go without.
async function load() {
  const [pkijs, asn1] = await Promise.all([import("pkijs"), import("asn1js")]);
  // Two sets of types disagree on methods of WebCrypto that are newer than pkijs and that it does not call.
  const engine = new pkijs.CryptoEngine({ name: "node", crypto: webcrypto as Crypto });
  return { pkijs, asn1, engine: engine as unknown as ICryptoEngine };
}

interface Unsigned extends Minting {
  readonly subject: string;
  readonly publicKey: webcrypto.CryptoKey;
  /** Undefined where it signs itself. */
  readonly parent?: X509Certificate;
  readonly signer: webcrypto.CryptoKey;
  readonly extensions: readonly Extension[];
}

const hourMs = 3_600_000;

async function sign(tools: Tools, unsigned: Unsigned): Promise<string> {
  const { pkijs, asn1, engine } = tools;
  const { now, lifetimeMs, parent, subject } = unsigned;
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1.Integer({ valueHex: positiveSerial() });
  certificate.subject.typesAndValues.push(
    new pkijs.AttributeTypeAndValue({ type: "2.5.4.3", value: new asn1.Utf8String({ value: subject }) }),
  );
  certificate.issuer =
    parent === undefined ? certificate.subject : pkijs.Certificate.fromBER(parent.raw).subject;
  // Backdated, because the API server's clock may be behind ours.
  certificate.notBefore = time(tools, now.getTime() - Math.min(hourMs, lifetimeMs / 10));
  certificate.notAfter = time(tools, now.getTime() + lifetimeMs);
  await certificate.subjectPublicKeyInfo.importKey(unsigned.publicKey, engine);

  const own = keyId(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
  const signers = parent === undefined ? own : keyId(pointOf(parent));
  const authorityId = new pkijs.AuthorityKeyIdentifier({
    keyIdentifier: new asn1.OctetString({ valueHex: signers }),
  });
  certificate.extensions = [
    ...unsigned.extensions,
    extension(tools, "2.5.29.14", false, new asn1.OctetString({ valueHex: own })),
    extension(tools, "2.5.29.35", false, authorityId.toSchema()),
  ];
  await certificate.sign(unsigned.signer, "SHA-256", engine);
  return new X509Certificate(Buffer.from(certificate.toSchema(true).toBER())).toString();
}

// From 2050 on a time is written with four digits of the year.
function time({ pkijs }: Tools, ms: number) {
  const value = new Date(ms);
  return new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
}

function extension({ pkijs }: Tools, extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }) {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });
}

function keyUsage(tools: Tools, bits: number, unusedBits: number) {
  const valueHex = new Uint8Array([bits]).buffer;
  return extension(tools, "2.5.29.15", true, new tools.asn1.BitString({ valueHex, unusedBits }));
}

const p256 = { name: "ECDSA", namedCurve: "P-256" } as const;

const makeKeys = async () => await webcrypto.subtle.generateKey(p256, true, ["sign", "verify"]);

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  const exportable = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return exportable.export({ format: "pem", type: "pkcs8" }).toString();
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: "der", type: "pkcs8" });
  return await webcrypto.subtle.importKey("pkcs8", der, p256, false, ["sign"]);
}

/** The last 65 bytes of a P-256 public key are its point, uncompressed. */
const pointOf = (certificate: X509Certificate): Buffer =>
  certificate.publicKey.export({ format: "der", type: "spki" }).subarray(-65);

const keyId = (point: Uint8Array): ArrayBuffer =>
  new Uint8Array(createHash("sha256").update(point).digest().subarray(0, 20)).buffer;

function positiveSerial(): ArrayBuffer {
  const octets = new Uint8Array(randomBytes(16));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return octets.buffer;
}
