// A keystore of certificates alone, such as trust-manager writes beside the bundle (additionalFormats), is no key.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { findPrivateKeys } from "../../../trust/x509/index.ts";
import { anchor } from "../../certificates/index.ts";

const root = anchor();
const directory = mkdtempSync(join(tmpdir(), "linkerd-certs-keystores-"));
after(() => rmSync(directory, { recursive: true }));
writeFileSync(join(directory, "root.crt"), root.pem);
writeFileSync(join(directory, "root.key"), root.pkcs8Pem);

const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: directory, encoding: "utf8" });
const missing = (command: string, ...args: string[]): string | false =>
  run(command, ...args).error === undefined ? false : `no ${command} here`;

/** What is found in the store that a command writes, as it is, in base64, in hex and in a JSON string. */
function foundIn(command: string, ...args: string[]): readonly string[] {
  const { status, stderr, stdout } = run(command, ...args);
  assert.equal(status, 0, stderr + stdout);
  const bytes = readFileSync(join(directory, "store"));
  rmSync(join(directory, "store"));
  const texts = [bytes, bytes.toString("base64"), bytes.toString("hex"), `"${bytes.toString("base64")}"`];
  return texts.map((text) => findPrivateKeys(text)[0]?.replace(/ on line .*/, "") ?? "none");
}

const nothing = ["none", "none", "none", "none"];
const key = (what: string) => [what, `${what} in base64`, `${what} in hex`, `${what} in base64`];

describe("OpenSSL's PKCS#12", { skip: missing("openssl", "version") }, () => {
  const openssl = (...args: string[]) =>
    foundIn("openssl", "pkcs12", "-export", "-in", "root.crt", "-out", "store", ...args);
  for (const [title, args] of Object.entries({
    "under a password": ["-passout", "pass:changeit"],
    "under an empty password": ["-passout", "pass:"],
    "not encrypted": ["-passout", "pass:", "-certpbe", "NONE", "-nomac"],
  })) {
    test(`certificates ${title} are no key`, () => assert.deepEqual(openssl("-nokeys", ...args), nothing));
    test(`a key beside certificates ${title} is found`, () =>
      assert.deepEqual(openssl("-inkey", "root.key", ...args), key("a private key in a PKCS#12 keystore")));
  }
  test("a key that is not encrypted either is found", () => {
    const found = openssl("-inkey", "root.key", "-passout", "pass:", "-keypbe", "NONE", "-certpbe", "NONE");
    assert.deepEqual(found, key("a private key in a PKCS#12 keystore"));
  });
});

describe("Java's keystores", { skip: missing("keytool", "-help") }, () => {
  const keytool = (verb: string, type: string, ...args: string[]) =>
    foundIn("keytool", verb, "-keystore", "store", "-storetype", type, "-storepass", "changeit", ...args);
  for (const [type, what] of [
    ["JKS", "a private key in a Java keystore"],
    ["JCEKS", "a private key in a Java keystore"],
    ["PKCS12", "a private key in a PKCS#12 keystore"],
  ] as const) {
    test(`${type} with a trusted certificate alone is no key`, () => {
      const found = keytool("-importcert", type, "-noprompt", "-alias", "root", "-file", "root.crt");
      assert.deepEqual(found, nothing);
    });
    test(`${type} with a private key is found`, () => {
      const made = ["-alias", "key", "-keyalg", "EC", "-dname", "CN=x", "-keypass", "changeit"];
      assert.deepEqual(keytool("-genkeypair", type, ...made), key(what));
    });
  }
});

test("the PBMAC1 of a newer PKCS#12 (RFC 9579) is no encrypted key", () => {
  // DigestInfo: PBMAC1 with its parameters left out, and a MAC.
  const mac = Buffer.from(`302f300b06092a864886f70d01050e0420${"ab".repeat(32)}`, "hex");
  assert.deepEqual(findPrivateKeys(mac), []);
  const pbes2 = Buffer.from(mac.toString("hex").replace("01050e", "01050d"), "hex");
  assert.deepEqual(findPrivateKeys(pbes2), ["an encrypted private key in DER on line 1"]);
});
