import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Failure } from "../../cluster/failure.ts";
import { named } from "../../trust/naming.ts";
import type { Signer } from "../../trust/x509/mint/mint.ts";
import { type Arguments, UsageError } from "../command.ts";
import type { World } from "../world.ts";
import { openMaterial } from "./open.ts";
import { askSecret, canAsk } from "./prompt.ts";
import { readFile } from "./read.ts";

/** A certificate and its private key, which is held here and given to nobody but who signs. */
export async function readSigner(
  certificatePath: string,
  keyPath: string,
  passphraseFile: string | undefined,
  world: World,
): Promise<Signer> {
  const source = await readFile(certificatePath, resolve(world.cwd, certificatePath));
  const { found, unreadable } = openMaterial(source);
  const [first] = found;
  if (first === undefined) {
    const why = unreadable[0] === undefined ? "" : `: line ${unreadable[0].line}: ${unreadable[0].what}`;
    throw new Failure(
      `${certificatePath} holds no certificate${why}`,
      "Name the file of a CA's certificate.",
    );
  }
  const key = await readKey(keyPath, passphraseFile, world);
  const certificate = found.find(({ certificate: { der } }) =>
    new X509Certificate(der).checkPrivateKey(key),
  )?.certificate;
  if (certificate === undefined) {
    throw new Failure(
      `${keyPath} is not the key of ${named(first.certificate)} in ${certificatePath}`,
      "Name the certificate and the key that belong together.",
    );
  }
  return { certificate, key };
}

async function readKey(path: string, passphraseFile: string | undefined, world: World): Promise<KeyObject> {
  const place = resolve(world.cwd, path);
  const text = Buffer.from((await readFile(path, place)).bytes).toString("latin1");
  await warnOfReaders(path, place, world);
  // OpenSSL writes EC PARAMETERS before the key.
  const begin = text.search(/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/);
  if (begin < 0) {
    const pem = `Turn it into PEM: openssl pkey -inform der -in ${path} -out ca.key`;
    const binary = text.startsWith("\x30"); // a SEQUENCE, as every key in DER is
    throw new Failure(`${path} holds no private key in PEM`, binary ? pem : "Name the file of the CA's key.");
  }
  const key = text.slice(begin);
  const encrypted = /^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(key);
  const passphrase = encrypted ? await passphraseFor(path, passphraseFile, world) : undefined;
  try {
    return createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    // No cause: what OpenSSL says of keys is for nobody's log.
    throw encrypted
      ? new Failure(`${path} cannot be decrypted`, "Check the passphrase.")
      : new Failure(
          `the private key in ${path} cannot be read`,
          "Check the file with: openssl pkey -noout -in FILE.",
        );
  }
}

async function passphraseFor(path: string, file: string | undefined, world: World): Promise<string> {
  if (file !== undefined) return readPassphrase(file, world);
  if (!canAsk(world))
    throw new Failure(
      `${path} is encrypted`,
      "Name a file that holds its passphrase: --ca-passphrase-file FILE.",
    );
  return askSecret(`passphrase of ${path}`, world);
}

/** The passphrase for a key that is about to be written; undefined where none was asked for. */
export async function newPassphrase(args: Arguments, world: World): Promise<string | undefined> {
  const file = args.text("passphrase-file");
  if (file !== undefined) return readPassphrase(file, world);
  if (!args.flag("encrypt")) return undefined;
  if (!canAsk(world))
    throw new UsageError("--encrypt asks on a terminal; without one, use --passphrase-file");
  const passphrase = await askSecret("passphrase for the new key", world);
  if ((await askSecret("once more", world)) !== passphrase)
    throw new Failure("the two passphrases differ", "Start again; nothing was written.");
  return passphrase;
}

async function readPassphrase(path: string, world: World): Promise<string> {
  const { bytes } = await readFile(path, resolve(world.cwd, path));
  const passphrase = Buffer.from(bytes)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  if (passphrase === "" || /[\r\n]/.test(passphrase))
    throw new Failure(
      `${path} does not hold one line with a passphrase`,
      "Write the passphrase into it, and nothing else.",
    );
  return passphrase;
}

/** The key as it is written to its file: PKCS#8, under the passphrase if there is one. */
export function keyText(key: KeyObject, passphrase: string | undefined): string {
  const form = { format: "pem", type: "pkcs8" } as const;
  const exported = key.export(
    passphrase === undefined ? form : { ...form, cipher: "aes-256-cbc", passphrase },
  );
  return exported.toString();
}

async function warnOfReaders(path: string, place: string, { stderr }: World): Promise<void> {
  const { mode } = await stat(place);
  if ((mode & 0o077) !== 0)
    stderr.write(`linkerd-certs: warning: others may read ${path}; chmod 600 ${path}\n`);
}
