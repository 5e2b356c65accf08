import { context, integer, octetString, oid, sequence } from "../../certificates/der.ts";
import {
  ecParameters,
  encryptedPkcs8,
  encryptedTraditional,
  type KeyPair,
  keyPair,
  pemBlock,
} from "../../certificates/index.ts";
import { damageBytes, damageStructure } from "./der-damage.ts";
import type { Random } from "./random.ts";

type Damage = (key: KeyPair, chance: Random) => string;

/** The many ways to put a key, or not quite a key, into the Secret. */
export const keyDamages: Readonly<Record<string, Damage>> = {
  "another key": (_, chance) => chance.pick(strangers()).pem,
  "another key, PKCS#8": (_, chance) => chance.pick(strangers()).pkcs8Pem,
  "PKCS#8": (key) => key.pkcs8Pem,
  "EC PARAMETERS before": (key) => ecParameters() + key.pem,
  "EC PARAMETERS after": (key) => key.pem + ecParameters(),
  "encrypted PKCS#8": (key) => remembered(`pkcs8 ${key.kind} ${key.label}`, () => encryptedPkcs8(key)),
  "encrypted the old way": (key) =>
    key.kind === "Ed25519" ? "" : remembered(`old ${key.kind} ${key.label}`, () => encryptedTraditional(key)),
  "two keys": (key, chance) => chance.pick(strangers()).pem + key.pem,
  "right key first": (key, chance) => key.pem + chance.pick(strangers()).pem,
  "its public half": (key) => pemBlock("PUBLIC KEY", key.spki),
  "PKCS#8 called EC": (key) => key.pkcs8Pem.replaceAll("PRIVATE KEY", "EC PRIVATE KEY"),
  "PKCS#8 called RSA": (key) => key.pkcs8Pem.replaceAll("PRIVATE KEY", "RSA PRIVATE KEY"),
  "called PKCS#8": (key) => key.pem.replaceAll(/(EC|RSA) PRIVATE KEY/g, "PRIVATE KEY"),
  "EC called RSA": (key) => key.pem.replaceAll("EC PRIVATE", "RSA PRIVATE"),
  "RSA called EC": (key) => key.pem.replaceAll("RSA PRIVATE", "EC PRIVATE"),
  "a header inside": (key) => pemBlock(type(key), der(key), { Comment: "mine" }),
  "damaged inside": (key, chance) => pemBlock(type(key), damageBytes(der(key), chance).bytes),
  "another structure inside": (key, chance) => pemBlock(type(key), damageStructure(der(key), chance).bytes),
  "PKCS#8 damaged inside": (key, chance) => pemBlock("PRIVATE KEY", damageBytes(pkcs8(key), chance).bytes),
  "PKCS#8 of another structure": (key, chance) =>
    pemBlock("PRIVATE KEY", damageStructure(pkcs8(key), chance).bytes),
  "without its public half": (key) => sec1(key, [context(0, oid("1.2.840.10045.3.1.7"))]),
  "without its curve": (key) => sec1(key, []),
  "on another curve": (key) => sec1(key, [context(0, oid("1.3.132.0.34"))]),
  "a short scalar": (key) => sec1(key, [context(0, oid("1.2.840.10045.3.1.7"))], scalar(key).subarray(1)),
  "a long scalar": (key) =>
    sec1(key, [context(0, oid("1.2.840.10045.3.1.7"))], Buffer.concat([Buffer.alloc(3), scalar(key)])),
  "a scalar of zero": (key) => sec1(key, [context(0, oid("1.2.840.10045.3.1.7"))], Buffer.alloc(32)),
  "a scalar beyond the order": (key) =>
    sec1(key, [context(0, oid("1.2.840.10045.3.1.7"))], Buffer.alloc(32, 255)),
  "version 2": (key) =>
    pemBlock(
      "EC PRIVATE KEY",
      sequence(integer(2), octetString(scalar(key)), context(0, oid("1.2.840.10045.3.1.7"))),
    ),
};

const strangers = () =>
  (["P-256", "P-384", "RSA-2048", "Ed25519", "P-224"] as const).map((kind) => keyPair(kind, "stranger"));

const type = (key: KeyPair) => /-----BEGIN (.*)-----/.exec(key.pem)?.[1] ?? "";
const der = (key: KeyPair) => Buffer.from(key.pem.replace(/-----.*-----/g, ""), "base64");
const pkcs8 = (key: KeyPair) => Buffer.from(key.pkcs8Pem.replace(/-----.*-----/g, ""), "base64");
const scalar = (key: KeyPair) =>
  Buffer.from((key.scalar ?? 5n).toString(16).padStart(64, "0").slice(-64), "hex");

function sec1(key: KeyPair, rest: readonly Buffer[], bytes = scalar(key)): string {
  return pemBlock("EC PRIVATE KEY", sequence(integer(1), octetString(bytes), ...rest));
}

// Encrypting costs milliseconds, and draws its own salt: once in a run is enough.
const memory = new Map<string, string>();
function remembered(id: string, make: () => string): string {
  const text = memory.get(id) ?? make();
  memory.set(id, text);
  return text;
}
