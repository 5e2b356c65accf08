import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { after, anchor, bundle, day, issuer, leaf, pemBlock, second } from "../../certificates/index.ts";
import { testWorld } from "../world.ts";

const root = anchor();
const next = anchor("next.linkerd.cluster.local", { notBefore: after(-day) });
const expired = anchor("expired", { notAfter: after(-second) });
const identity = issuer(root);
const proxy = leaf(identity);
// No line of any key, in PEM or out of it.
const lines = [root, identity].flatMap(
  ({ keyPem, pkcs8Pem }) => (keyPem + pkcs8Pem).match(/^[^-]{12}/gm) ?? [],
);
const secrets = new RegExp(lines.map((line) => line.replaceAll("+", "\\+")).join("|"));

describe("inspect shows", () => {
  test("a bundle as a tree, with everything that matters of each certificate", async () => {
    const world = testWorld({ files: { "all.pem": bundle(root, next, identity, proxy) } });
    const { code, stdout, stderr } = await world.run("inspect", "all.pem");
    assert.equal(code, 0);
    assert.equal(stderr, "");
    const [title, ...lines] = stdout.split("\n");
    assert.equal(title, "all.pem");
    assert.match(lines[0] ?? "", /^anchor "root\.linkerd\.cluster\.local" \([0-9a-f]{8}\) active: issuer/);
    assert.match(
      stdout,
      /^└─ issuer "identity\.linkerd\.cluster\.local" .* active: the newest issuer here$/m,
    );
    assert.match(stdout, /^ {3}└─ leaf "default\.default\..* active/m);
    assert.match(
      stdout,
      /^anchor "next\.linkerd\.cluster\.local" .* incoming: nothing is signed by it yet$/m,
    );
    for (const fact of [
      `sha256 ${root.fingerprint}`,
      "ECDSA P-256, signed with ECDSA-SHA256",
      "2026-05-02T12:00:00Z to 2036-05-29T12:00:00Z (in 10 years)",
      "CA, path length 1; certSign, crlSign",
      `AKI ${root.key.keyId.toString("hex")}`,
      "in all.pem, line 1",
    ])
      assert.ok(stdout.includes(fact), fact);
  });

  test("the same in every format", async () => {
    const world = testWorld({ files: { "all.pem": bundle(root, identity) } });
    const text = await world.run("inspect", "all.pem", "--format", "text");
    assert.match(text.stdout, /^ {2}issued by {5}CN=root\.linkerd\.cluster\.local$/m);
    assert.match(text.stdout, new RegExp(`^ {2}fingerprint {3}sha256 ${identity.fingerprint}$`, "m"));

    const json = JSON.parse((await world.run("inspect", "all.pem", "-o", "json")).stdout);
    assert.deepEqual([json.apiVersion, json.kind], ["linkerd-certs.io/v1", "Inspection"]);
    assert.deepEqual(
      json.certificates.map((one: { fingerprint: string; role: string }) => [one.fingerprint, one.role]),
      [root, identity].map(({ fingerprint }) => [fingerprint, "active"]),
    );
    assert.deepEqual(json.certificates[1].signedBy, [root.fingerprint]);

    assert.equal((await world.run("inspect", "all.pem", "--format", "pem")).stdout, bundle(root, identity));

    const { stdout: svg } = await world.run("inspect", "all.pem", "--format", "svg");
    assert.match(svg, /^<svg .*<\/svg>\n$/s);
    assert.equal(svg.match(/class="card"/g)?.length, 2);
    assert.equal((await world.run("inspect", "all.pem", "--format", "xml")).code, 64);
  });

  test("a picture of names that would be markup", async () => {
    const odd = anchor('<script>alert("&")</script>');
    const world = testWorld({ files: { "odd.pem": odd.pem } });
    const { stdout } = await world.run("inspect", "odd.pem", "--format", "svg");
    assert.doesNotMatch(stdout, /<script|alert\("/);
  });

  test("a folder's files, and says of keys only that they are there", async () => {
    const files = {
      "pki/ca.crt": root.pem,
      "pki/issuer.crt": identity.pem,
      "pki/issuer.key": identity.keyPem,
    };
    const world = testWorld({ files: { ...files, "pki/.old/ca.crt": next.pem, "pki/README.md": "hello" } });
    for (const format of ["tree", "text", "json"]) {
      const { code, stdout, stderr } = await world.run("inspect", "pki", "--format", format);
      assert.equal(code, 0);
      assert.match(stdout, /a private key, not shown/);
      assert.doesNotMatch(stdout + stderr, secrets);
    }
    const { stdout } = await world.run("inspect", "pki");
    assert.doesNotMatch(stdout, /next/, "hidden folders are not entered");
    assert.match(stdout, /pki\/README\.md: holds no certificate/);
  });

  test("standard input, and a binary certificate, saying so", async () => {
    const piped = await testWorld({ stdin: root.pem }).run("inspect", "-");
    assert.match(piped.stdout, /in standard input, line 1/);
    const binary = await testWorld({ files: { "ca.der": root.der } }).run("inspect", "ca.der");
    assert.equal(binary.code, 0);
    assert.match(binary.stdout, /ca\.der: is binary \(DER\); Linkerd reads PEM only/);
  });

  test("a manifest's certificates, and not its key", async () => {
    const data = (text: string) => Buffer.from(text).toString("base64");
    const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: linkerd-identity-trust-roots, namespace: linkerd }
data:
  ca-bundle.crt: |-
${root.pem.trim().replaceAll(/^/gm, "    ")}
---
apiVersion: v1
kind: Secret
metadata: { name: linkerd-identity-issuer, namespace: linkerd }
data: { crt.pem: ${data(identity.pem)}, key.pem: ${data(identity.keyPem)} }
`;
    const world = testWorld({ files: { "linkerd.yaml": manifest } });
    const { code, stdout } = await world.run("inspect", "linkerd.yaml");
    assert.equal(code, 0);
    assert.match(
      stdout,
      /in linkerd\.yaml, ConfigMap linkerd\/linkerd-identity-trust-roots, ca-bundle\.crt, line 1/,
    );
    assert.match(stdout, /└─ issuer/);
    assert.match(stdout, /key\.pem, line 1: an EC PRIVATE KEY block: a private key, not shown/);
  });

  test("names constrained, RSA, and what proxies would pass over", async () => {
    const held = issuer(root, { nameConstraints: { permitted: ["dns:cluster.local"], critical: true } });
    const rsa = anchor("rsa", { keyKind: "RSA-2048" });
    const world = testWorld({ files: { "all.pem": bundle(rsa, root, held) } });
    assert.match((await world.run("inspect", "all.pem")).stdout, /RSA 2048, signed with SHA256-RSA/);
    const { stdout } = await world.run("inspect", "all.pem", "--format", "text");
    assert.match(stdout, /may sign for {2}cluster\.local/);
  });
});

describe("inspect says what Linkerd would make of it", () => {
  const cases = {
    "a blank line at the end": [
      `${root.pem}\n`,
      /Linkerd would refuse it: .*a blank line or spaces after the last certificate/,
      0,
    ],
    "a key between two anchors": [
      root.pem + root.keyPem + next.pem,
      /line \d+: Linkerd would not read on from here: an EC PRIVATE KEY block/,
      0,
    ],
    "damaged base64": [
      next.pem + root.pem.replace(/\n.{9}/, "\n!!!"),
      /line \d+: a CERTIFICATE block whose base64 is damaged/,
      1,
    ],
    "a certificate cut off": [root.pem.slice(0, 400), /line 1: a CERTIFICATE block without its END line/, 1],
    "two run together": [
      root.pem.trim() + next.pem,
      /starts on the line where another ends: a newline is missing/,
      1,
    ],
    "a block that is no certificate": [
      pemBlock("CERTIFICATE", Buffer.from("hello")),
      /line 1: a certificate that cannot be read/,
      1,
    ],
    "windows line ends": [root.pem.replaceAll("\n", "\r\n"), /lines end with CRLF/, 0],
    "an expired anchor": [
      bundle(expired, root, identity),
      /anchor "expired" .* unused: it expired at 2026-06-01T11:59:59Z/,
      0,
    ],
  } as const;
  for (const [what, [text, expected, code]] of Object.entries(cases)) {
    test(what, async () => {
      const outcome = await testWorld({ files: { "x.pem": text } }).run("inspect", "x.pem");
      assert.match(outcome.stdout, expected);
      assert.equal(outcome.code, code);
      assert.doesNotMatch(outcome.stdout, secrets);
    });
  }
});

describe("what cannot be read ends in one line that names it", () => {
  const cases: Readonly<Record<string, readonly [words: readonly string[], expected: RegExp]>> = {
    "no such file": [["nowhere.pem"], /cannot read nowhere\.pem: there is no such file/],
    "an address": [["https://example.com/ca.crt"], /ca\.crt: addresses are not fetched.*\n.*curl -fsSL/],
    "a path through a file": [["a.pem/b.pem"], /cannot read a\.pem\/b\.pem: part of the path is no folder/],
    "too large a file": [["large.pem"], /large\.pem is larger than 16 MiB/],
  };
  for (const [what, [words, expected]] of Object.entries(cases)) {
    test(what, async () => {
      const large = Buffer.alloc(50 * 1024 * 1024, bundle(root, next));
      const world = testWorld({
        files: { "a.pem": root.pem, "large.pem": what.includes("large") ? large : "" },
      });
      const { code, stdout, stderr } = await world.run("inspect", ...words);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, expected);
      assert.equal(stderr.trim().split("\n").length, 2, stderr);
    });
  }

  test("no cluster is looked for where files are named", async () => {
    const world = testWorld({ files: { "a.pem": root.pem } });
    assert.equal((await world.run("inspect", "a.pem")).code, 0);
    assert.match((await world.run("inspect")).stderr, /this world has no cluster/);
  });

  test("bytes of all kinds come out as something, and never as a stack trace", async () => {
    const junk = [
      Buffer.alloc(0),
      Buffer.from([0x30, 0x82, 0x01, 0x00]),
      Buffer.from([0x30, 0x80]),
      Buffer.from("\ufeffhello", "utf16le"),
      Buffer.from(root.der.subarray(0, 100)),
      Buffer.concat([root.der, root.der]),
      Buffer.from(`kind: Secret\n${"a: ".repeat(1000)}`),
      Buffer.from("-----BEGIN CERTIFICATE-----\n".repeat(5000)),
      identity.key.private.export({ format: "der", type: "pkcs8" }),
    ];
    for (const bytes of junk) {
      const { code, stdout, stderr } = await testWorld({ files: { x: bytes } }).run("inspect", "x");
      assert.ok(code === 0 || code === 1);
      assert.match(stdout, /x(, line \d+)?: /);
      assert.equal(stderr, "");
    }
  });
});

test("five thousand certificates are shown, each with its place", async () => {
  const roots = Array.from({ length: 20 }, (_, i) => anchor(`root ${i}`));
  const pem = bundle(...roots).repeat(250);
  const world = testWorld({ files: { "many.pem": pem } });
  const { code, stdout } = await world.run("inspect", "many.pem", "-o", "json");
  assert.equal(code, 0);
  const { certificates } = JSON.parse(stdout);
  assert.equal(certificates.length, 20);
  assert.equal(certificates[0].places.length, 250);
});

test("the PEM that inspect writes is what went in", async () => {
  const world = testWorld({ files: { "a.der": root.der } });
  const { stdout } = await world.run("inspect", "a.der", "--format", "pem");
  assert.equal(stdout, root.pem);
  assert.ok(new X509Certificate(stdout).ca);
});
