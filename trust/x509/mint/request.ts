import { createPublicKey, type KeyObject } from "node:crypto";
import type { CertificationRequest } from "pkijs";
import { sha256 } from "../bytes.ts";
import { der, read, tags } from "../der.ts";
import { readName } from "../parse/name.ts";
import { attempt, need } from "../refusal.ts";
import type { Unreadable } from "../types.ts";
import { authorityExtensions, oids } from "./extensions.ts";
import { bufferOf, loadTools, nameOf, publicKeyInfo, signingKey, type Tools } from "./tools.ts";

/** What somebody asks to have signed: a name and a key. What else a request says is not taken over. */
export interface Request {
  /** RFC 4514 text, safe to print. */
  readonly subject: string;
  readonly commonName: string;
  readonly rawSubject: Uint8Array;
  readonly key: KeyObject;
  /** SHA-256 of the key, for two people to compare. */
  readonly keyFingerprint: string;
  /** Whether it asks for an authority; undefined where it does not say. */
  readonly authority?: boolean;
}

/** Makes a request for an authority's certificate, as DER. */
export async function mintRequest(subject: string, key: KeyObject): Promise<Uint8Array> {
  const tools = await loadTools();
  const { pkijs, engine } = tools;
  const request = new pkijs.CertificationRequest();
  request.version = 0;
  request.subject = nameOf(tools, subject);
  request.subjectPublicKeyInfo = publicKeyInfo(tools, key);
  const extensions = authorityExtensions(tools, { kind: "authority", pathLength: 0 });
  const values = [new pkijs.Extensions({ extensions }).toSchema()];
  request.attributes = [new pkijs.Attribute({ type: extensionRequest, values })];
  await request.sign(signingKey(key), "SHA-256", engine);
  return new Uint8Array(request.toSchema(true).toBER());
}

/** Reads a request (PKCS#10), and checks that who made it holds the key. */
export async function openRequest(bytes: Uint8Array): Promise<Request | Unreadable> {
  const tools = await loadTools();
  const request = parsed(tools, bytes);
  if (request === undefined) return { unreadable: "it is not a PKCS#10 certificate request" };
  if (!(await isSigned(tools, request)))
    return { unreadable: "its signature is not by the key that it names" };
  const spki = new Uint8Array(request.subjectPublicKeyInfo.toSchema().toBER());
  const rawSubject = new Uint8Array(request.subject.toSchema().toBER());
  const name = attempt(() => readName(need(read(der(rawSubject), tags.sequence), "malformed subject")));
  if (typeof name === "string") return { unreadable: name };
  const authority = asksForAuthority(tools, request);
  return {
    subject: name.text,
    commonName: name.commonName,
    rawSubject,
    key: createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" }),
    keyFingerprint: sha256(spki),
    ...(authority === undefined ? {} : { authority }),
  };
}

const extensionRequest = "1.2.840.113549.1.9.14";

function parsed({ pkijs }: Tools, bytes: Uint8Array): CertificationRequest | undefined {
  try {
    return pkijs.CertificationRequest.fromBER(bufferOf(bytes));
  } catch {
    return undefined;
  }
}

async function isSigned({ engine }: Tools, request: CertificationRequest): Promise<boolean> {
  try {
    return await request.verify(engine);
  } catch {
    return false;
  }
}

function asksForAuthority({ pkijs }: Tools, { attributes = [] }: CertificationRequest): boolean | undefined {
  const asked = attributes.find(({ type }) => type === extensionRequest)?.values[0];
  if (asked === undefined) return undefined;
  try {
    const { extensions } = new pkijs.Extensions({ schema: asked });
    const found = extensions.find(({ extnID }) => extnID === oids.basicConstraints);
    return found && pkijs.BasicConstraints.fromBER(found.extnValue.valueBlock.valueHexView).cA;
  } catch {
    return undefined;
  }
}
