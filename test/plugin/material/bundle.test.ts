import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { after, anchor, bundle, issuer, leaf, second } from "../../certificates/index.ts";
import { testWorld } from "../world.ts";

const [first, two, three] = [anchor("first"), anchor("second"), anchor("third")];
const expired = anchor("expired", { notAfter: after(-second) });

describe("bundle", () => {
  // https://github.com/smallstep/cli: `step certificate bundle` keeps the first block of each file, silently.
  test("keeps every anchor of every input, each once, in order", async () => {
    const files = { "old.pem": bundle(first, two), "new/a.pem": bundle(three, first) };
    const world = testWorld({ files, stdin: two.pem });
    const { code, stdout, stderr } = await world.run("bundle", "old.pem", "new", "-");
    assert.equal(code, 0);
    assert.equal(stdout, bundle(first, two, three));
    assert.match(stderr, /^\+ "first" \([0-9a-f]{8}\) until .* {2}old\.pem, line 1$/m);
    assert.match(stderr, /^\+ "third" .* {2}new\/a\.pem, line 1$/m);
    assert.match(stderr, /^2 duplicates left out$/m);
  });

  test("reads past a key, leaves it out, and says so", async () => {
    const world = testWorld({ files: { "all.pem": first.pem + first.keyPem + two.pem } });
    const { stdout, stderr } = await world.run("bundle", "all.pem");
    assert.equal(stdout, bundle(first, two));
    assert.match(stderr, /all\.pem, line \d+: left out an EC PRIVATE KEY block/);
  });

  test("leaves out what is no CA, and of a folder what another CA has signed", async () => {
    const identity = issuer(first);
    const pki = {
      "pki/ca.crt": first.pem,
      "pki/issuer.crt": identity.pem,
      "pki/leaf.crt": leaf(identity).pem,
    };
    const world = testWorld({ files: { ...pki, "pki/ca.key": first.keyPem } });
    const folder = await world.run("bundle", "pki");
    assert.equal(folder.stdout, first.pem);
    assert.match(folder.stderr, /issuer\.crt, line 1: left out .* which another CA has signed/);
    const named = await world.run("bundle", "pki/ca.crt", "pki/issuer.crt", "pki/leaf.crt");
    assert.equal(named.stdout, bundle(first, identity));
    assert.match(named.stderr, /issuer\.crt, line 1: .* is signed by another CA; is it an anchor\?/);
    assert.match(named.stderr, /leaf\.crt, line 1: left out .* which is no CA/);
  });

  test("drops expired anchors when asked, and only then", async () => {
    const world = testWorld({ files: { "all.pem": bundle(expired, first) } });
    assert.equal((await world.run("bundle", "all.pem")).stdout, bundle(expired, first));
    const { stdout, stderr } = await world.run("bundle", "all.pem", "--drop-expired");
    assert.equal(stdout, first.pem);
    assert.match(stderr, /^− "expired" .* expired at 2026-06-01T11:59:59Z$/m);
  });

  test("drops what is named by the beginning of its fingerprint", async () => {
    const world = testWorld({ files: { "all.pem": bundle(first, two) } });
    const drop = async (prefix: string) => await world.run("bundle", "all.pem", "--drop", prefix);
    assert.equal((await drop(first.fingerprint.slice(0, 8))).stdout, two.pem);
    assert.equal((await drop(first.fingerprint)).stdout, two.pem);
    assert.match((await drop("00000000")).stderr, /no anchor begins so/);
    assert.equal((await drop("abc")).code, 64);
    const all = await world.run(
      "bundle",
      "all.pem",
      ...[first, two].flatMap((one) => ["--drop", one.fingerprint]),
    );
    assert.equal(all.code, 1);
    assert.match(all.stderr, /no anchor is left for the bundle/);
  });

  test("writes nothing where an input is damaged, cut off or empty, and names the place", async () => {
    const cases = [
      [two.pem + first.pem.slice(0, 300), /bad\.pem, line \d+: a CERTIFICATE block without its END line/],
      [
        first.pem.replace(/\n.{9}/, "\n!!!") + two.pem,
        /bad\.pem, line 1: a CERTIFICATE block whose base64 is damaged/,
      ],
      ["", /bad\.pem holds no certificate/],
      ["hello", /bad\.pem holds no certificate/],
    ] as const;
    for (const [text, expected] of cases) {
      const world = testWorld({ files: { "good.pem": first.pem, "bad.pem": text, "out.pem": "before" } });
      const { code, stdout, stderr } = await world.run("bundle", "good.pem", "bad.pem", "-o", "out.pem");
      assert.deepEqual([code, stdout, world.file("out.pem")], [1, "", "before"]);
      assert.match(stderr, expected);
    }
    const cut = await testWorld({ stdin: first.pem.slice(0, 200) }).run("bundle", "-");
    assert.match(cut.stderr, /standard input, line 1: a CERTIFICATE block without its END line/);
  });

  test("takes words that make no sense for what they are", async () => {
    const world = testWorld({ files: { "a.pem": first.pem } });
    assert.equal((await world.run("bundle")).code, 64);
    assert.equal((await world.run("bundle", "a.pem", "--dry-run", "maybe")).code, 64);
    assert.equal((await world.run("bundle", "a.pem", "--nonsense")).code, 64);
  });
});

describe("the file that bundle writes", () => {
  test("takes the place of the former one, whole, and leaves no draft", async () => {
    const world = testWorld({ files: { "a.pem": first.pem, "out.pem": "before" } });
    const { code, stdout, stderr } = await world.run("bundle", "a.pem", "-o", "out.pem");
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, /wrote out\.pem: 1 anchor/);
    assert.equal(world.file("out.pem"), first.pem);
    assert.deepEqual(readdirSync(world.cwd).sort(), ["a.pem", "out.pem"]);
  });

  test("never takes the place of a key, encrypted or not", async () => {
    const files = { "a.pem": first.pem, "ca.key": first.keyPem, "both.pem": first.pem + first.keyPem };
    const world = testWorld({ files });
    for (const name of ["ca.key", "both.pem"]) {
      const { code, stderr } = await world.run("bundle", "a.pem", "-o", name);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`${name} holds a private key and is not replaced`));
      assert.equal(world.file(name), files[name as keyof typeof files]);
    }
  });

  test("is written through a link, and into its own input", async () => {
    const world = testWorld({ files: { "real.pem": first.pem, "b.pem": two.pem } });
    symlinkSync("real.pem", world.path("link.pem"));
    assert.equal((await world.run("bundle", "link.pem", "b.pem", "-o", "link.pem")).code, 0);
    assert.equal(world.file("real.pem"), bundle(first, two));
  });

  test("cannot be written where there is no place for it", async () => {
    const world = testWorld({ files: { "a.pem": first.pem, "folder/x": "" } });
    const into = async (name: string) => (await world.run("bundle", "a.pem", "-o", name)).stderr;
    assert.match(await into("none/out.pem"), /cannot write none\/out\.pem: there is no such folder/);
    assert.match(await into("folder"), /cannot write folder: it is a folder/);
    assert.equal(readFileSync(world.path("folder/x"), "utf8"), "");
  });

  test("can be written where it may be replaced but not written to", async () => {
    const world = testWorld({ files: { "a.pem": first.pem } });
    writeFileSync(world.path("out.pem"), two.pem);
    chmodSync(world.path("out.pem"), 0o444);
    assert.equal((await world.run("bundle", "a.pem", "-o", "out.pem")).code, 0);
    assert.equal(world.file("out.pem"), first.pem);
  });
});
