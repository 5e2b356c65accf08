// Pipes break: what is cut off, empty or binary is named, and is never taken for the whole.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { anchor } from "../certificates/index.ts";
import { testWorld } from "./world.ts";

const root = anchor("root");
const items = Array.from({ length: 4_000 }, (_, i) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: `c${i}`, namespace: "x" },
  data: { a: "y".repeat(400) },
}));
const long = JSON.stringify({ apiVersion: "v1", kind: "List", items }, undefined, 1);

describe("what is cut off", () => {
  test("a long list in JSON: within an object, or between two", async () => {
    for (const end of [long.length / 2, long.indexOf('"apiVersion"', long.length / 2) - 8, 400_000]) {
      const stdin = long.slice(0, end);
      const { code, stderr } = await testWorld({ stdin }).run("validate", "-f", "-");
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^linkerd-certs: error: stdin:\d{3,}: the list does not end: it was cut off\n$/);
    }
    assert.equal((await testWorld({ stdin: long }).run("validate", "-f", "-")).code, 0);
  });

  test("a long stream of YAML, where that shows", async () => {
    const documents = items.map((one) => `${JSON.stringify(one)}\n`).join("---\n");
    const { code, stderr } = await testWorld({ stdin: documents.slice(0, -20) }).run("validate", "-f", "-");
    assert.equal(code, 1);
    assert.match(stderr, /error: stdin:\d+: /);
  });

  test("a certificate, in every command that reads one", async () => {
    const files = { "cut.crt": root.pem.slice(0, 300), "ca.key": root.keyPem };
    for (const words of [
      ["inspect", "cut.crt"],
      ["bundle", "cut.crt"],
      ["create", "issuer", "i.crt", "i.key", "--ca", "cut.crt", "--ca-key", "ca.key"],
    ]) {
      const { code, stdout, stderr } = await testWorld({ files }).run(...words);
      assert.equal(code, 1);
      assert.match(stdout + stderr, /cut\.crt/);
    }
  });

  test("a pipe through which nothing came", async () => {
    for (const words of [
      ["inspect", "-"],
      ["bundle", "-"],
      ["validate", "-f", "-"],
    ]) {
      const { code } = await testWorld({ stdin: "" }).run(...words);
      assert.equal(code, 1, words.join(" "));
    }
  });
});

test("an output that is full is told, and what is cut off is no success", {
  skip: !existsSync("/dev/full"),
}, () => {
  const full = openSync("/dev/full", "w");
  const program = join(import.meta.dirname, "..", "..", "plugin", "main.ts");
  const stdio = ["ignore", full, "pipe"] as const;
  const { status, stderr } = spawnSync(process.execPath, [program, "rules"], {
    stdio: [...stdio],
    encoding: "utf8",
    env: {}, // Node itself has a word to say where NO_COLOR and FORCE_COLOR are both set
  });
  closeSync(full);
  assert.equal(status, 1);
  assert.match(stderr, /^linkerd-certs: error: cannot write standard output: the disk is full\n.*hint: /);
});

describe("what is binary where text is read", () => {
  const der = Buffer.from(root.pem.replace(/-----[^-]+-----|\n/g, ""), "base64");

  test("a certificate is read all the same; a key is not, and it is said how to turn it", async () => {
    const files = { "ca.der": der, "ca.key.der": der, "ca.crt": root.pem, "ca.key": root.keyPem };
    const bundled = await testWorld({ files }).run("bundle", "ca.der");
    assert.deepEqual([bundled.code, bundled.stdout], [0, root.pem]);
    const made = await testWorld({ files }).run(
      ...["create", "issuer", "i.crt", "i.key", "--ca", "ca.der", "--ca-key", "ca.key.der"],
    );
    assert.equal(made.code, 1);
    assert.match(
      made.stderr,
      /ca\.key\.der holds no private key in PEM\n.*openssl pkey -inform der -in ca\.key\.der/,
    );
  });

  test("a manifest is none", async () => {
    const { code, stderr } = await testWorld({ files: { x: der } }).run("validate", "-f", "x");
    assert.equal(code, 1);
    assert.match(stderr, /x:1: not a text file/);
  });
});

describe("more than anybody has", () => {
  test("a bundle of many anchors is told by its first hundred", async () => {
    const many = Array.from({ length: 120 }, (_, i) => anchor(`anchor ${i}`).pem).join("");
    const { code, stderr } = await testWorld({ files: { many } }).run("bundle", "many", "-o", "out.crt");
    assert.equal(code, 0);
    assert.equal(stderr.match(/^\+ "anchor/gm)?.length, 100);
    assert.match(stderr, /^\+ and 20 more$/m);
  });
});
