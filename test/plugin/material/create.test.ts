import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { anchor, bundle, issuer, keyPair, now } from "../../certificates/index.ts";
import { testWorld } from "../world.ts";

const certificate = (pem: string) => new X509Certificate(pem);

describe("create anchor, create issuer, create leaf", () => {
  test("make a chain, each with its key for its owner alone", async () => {
    const world = testWorld();
    for (const what of ["anchor", "issuer", "leaf"]) {
      const { code, stdout, stderr } = await world.run("create", what);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, new RegExp(`^made ${what} "`));
      assert.doesNotMatch(stderr, /PRIVATE KEY/);
    }
    const [ca, identity, leaf] = ["ca", "issuer", "leaf"].map((name) =>
      certificate(world.file(`${name}.crt`)),
    );
    assert.ok(ca && identity && leaf);
    assert.ok(identity.verify(ca.publicKey) && leaf.verify(identity.publicKey));
    assert.equal(ca.subject, "CN=root.linkerd.cluster.local");
    assert.equal(identity.subject, "CN=identity.linkerd.cluster.local");
    assert.match(
      leaf.subjectAltName ?? "",
      /DNS:default\.default\.serviceaccount\.identity\.linkerd\.cluster\.local/,
    );
    for (const name of ["ca", "issuer", "leaf"]) {
      assert.equal(world.mode(`${name}.key`), 0o600);
      assert.ok(
        certificate(world.file(`${name}.crt`)).checkPrivateKey(createPrivateKey(world.file(`${name}.key`))),
      );
    }
    assert.equal(readdirSync(world.cwd).length, 6, "no drafts are left");
  });

  test("an anchor lasts ten years in production, one in staging, or as long as is said", async () => {
    const end = async (...flags: string[]) => {
      const world = testWorld();
      const { code, stderr } = await world.run("create", "anchor", ...flags);
      return code === 0 ? certificate(world.file("ca.crt")).validToDate.toISOString() : `${code} ${stderr}`;
    };
    assert.equal(await end(), "2036-05-29T12:00:00.000Z");
    assert.equal(await end("--profile", "staging"), "2027-06-01T12:00:00.000Z");
    assert.equal(await end("--not-after", "87600h"), "2036-05-29T12:00:00.000Z");
    assert.equal(await end("--not-after", "2055-01-31T00:00:00+02:00"), "2055-01-30T22:00:00.000Z");
    for (const wrong of ["soon", "10", "-5h", "2020-01-01T00:00:00Z", "2036-13-01T00:00:00Z", "9000y"])
      assert.match(await end(`--not-after=${wrong}`), /^64 .*--not-after/, wrong);
    assert.match(await end("--profile", "test"), /^64 .*must be production or staging/);
  });

  test("names follow the trust domain and the namespace", async () => {
    const world = testWorld();
    const flags = ["--trust-domain", "east.example.com", "-L", "mesh"];
    await world.run("create", "anchor", ...flags);
    await world.run("create", "issuer", "--constrain", ...flags);
    const { code, stderr } = await world.run(
      "create",
      "leaf",
      "--service-account",
      "web",
      "-n",
      "shop",
      ...flags,
    );
    assert.equal(code, 0, stderr);
    assert.equal(certificate(world.file("ca.crt")).subject, "CN=root.mesh.east.example.com");
    const { subjectAltName } = certificate(world.file("leaf.crt"));
    assert.equal(subjectAltName, "DNS:web.shop.serviceaccount.identity.mesh.east.example.com");
    const wrong = await world.run("create", "anchor", "a", "b", "--trust-domain", "Not A Domain");
    assert.equal(wrong.code, 64);
  });

  test("an anchor that ends before its issuer would is refused, and the hint says what would do", async () => {
    const world = testWorld();
    await world.run("create", "anchor", "--not-after", "30d");
    const refused = await world.run("create", "issuer");
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /ends at 2026-07-01T12:00:00Z, before its issuer would at 2027-06-01T12:00:00Z/,
    );
    const hinted = /--not-after (\S+)\./.exec(refused.stderr)?.[1] ?? "";
    assert.equal((await world.run("create", "issuer", "--not-after", hinted)).code, 0);
  });
});

describe("what is there already", () => {
  test("is never overwritten, neither key nor certificate", async () => {
    for (const name of ["ca.crt", "ca.key"]) {
      const world = testWorld({ files: { [name]: "mine" } });
      const { code, stderr } = await world.run("create", "anchor");
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`error: ${name} is there already, and is not overwritten`));
      assert.deepEqual(readdirSync(world.cwd), [name]);
      assert.equal(world.file(name), "mine");
    }
  });

  test("one name for two files is refused", async () => {
    const { code, stderr } = await testWorld().run("create", "anchor", "x", "x");
    assert.equal(code, 1);
    assert.match(stderr, /x is named twice/);
  });

  test("a folder that is not there is named", async () => {
    const { code, stderr } = await testWorld().run("create", "anchor", "no/ca.crt", "no/ca.key");
    assert.equal(code, 1);
    assert.match(stderr, /cannot write no\/ca.key: there is no such folder/);
  });
});

describe("an anchor that does not fit", () => {
  const expired = anchor("expired", { notAfter: new Date(now.getTime() - 1000) });
  const unfit = {
    "is no CA": anchor("leafy", { basicConstraints: { ca: false } }),
    "has path length 0": anchor("short", { basicConstraints: { ca: true, pathLength: 0 } }),
    "lacks certSign": anchor("mute", { keyUsage: ["digitalSignature"] }),
    "has the curve P-384": anchor("curvy", { keyKind: "P-384" }),
    expired,
    "the same name": anchor("identity.linkerd.cluster.local"),
    "Linkerd would refuse the issuer": anchor("held", {
      nameConstraints: { permitted: ["dns:example.com"] },
    }),
  };
  for (const [why, { pem, keyPem }] of Object.entries(unfit)) {
    test(`is refused: ${why}`, async () => {
      const world = testWorld({ files: { "ca.crt": pem, "ca.key": keyPem } });
      const { code, stderr } = await world.run("create", "issuer");
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(why));
      assert.deepEqual(readdirSync(world.cwd).sort(), ["ca.crt", "ca.key"]);
    });
  }

  test("whose key is another's", async () => {
    const { pem } = anchor();
    const world = testWorld({ files: { "ca.crt": pem, "ca.key": keyPair("P-256", "other").pem } });
    const { code, stderr } = await world.run("create", "issuer");
    assert.equal(code, 1);
    assert.match(stderr, /ca\.key is not the key of "root\.linkerd\.cluster\.local"/);
  });

  test("may stand among others, and its key after EC PARAMETERS", async () => {
    const root = anchor();
    const key = `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${root.keyPem}`;
    const pem = bundle(anchor("other", { keyKind: "RSA-2048" }), root);
    const world = testWorld({ files: { "ca.crt": pem, "ca.key": key } });
    chmodSync(world.path("ca.key"), 0o644);
    const { code, stderr } = await world.run("create", "issuer");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /warning: others may read ca\.key; chmod 600 ca\.key/);
  });

  test("with files that hold something else: each is named, and nothing of it is shown", async () => {
    const root = anchor();
    const spoilt = [
      [{ "ca.crt": "hello", "ca.key": root.keyPem }, /ca\.crt holds no certificate/],
      [
        { "ca.crt": root.pem.slice(0, 300), "ca.key": root.keyPem },
        /ca\.crt holds no certificate: line 1: .* without its END line/,
      ],
      [{ "ca.crt": root.pem, "ca.key": root.pem }, /ca\.key holds no private key in PEM/],
      [
        { "ca.crt": root.pem, "ca.key": root.keyPem.replace(/\n.{20}/, "\n") },
        /the private key in ca\.key cannot be read/,
      ],
      [{ "ca.crt": root.pem }, /cannot read ca\.key: there is no such file/],
    ] as const;
    for (const [files, expected] of spoilt) {
      const world = testWorld({ files });
      const { code, stderr } = await world.run("create", "issuer");
      assert.equal(code, 1);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /at .*\.ts|MHc|MIG/);
    }
  });
});

describe("a passphrase", () => {
  test("from a file encrypts the key, and opens it again", async () => {
    const world = testWorld({ files: { secret: "open sesame\n", wrong: "sesame\n", empty: "\n" } });
    assert.equal((await world.run("create", "anchor", "--passphrase-file", "secret")).code, 0);
    assert.match(world.file("ca.key"), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    assert.equal((await world.run("create", "issuer", "--ca-passphrase-file", "secret")).code, 0);
    const wrong = await world.run("create", "issuer", "a", "b", "--ca-passphrase-file", "wrong");
    assert.match(wrong.stderr, /ca\.key cannot be decrypted\n.*hint: Check the passphrase/);
    const none = await world.run("create", "issuer", "a", "b");
    assert.match(none.stderr, /ca\.key is encrypted\n.*--ca-passphrase-file/);
    const empty = await world.run("create", "anchor", "a", "b", "--passphrase-file", "empty");
    assert.match(empty.stderr, /empty does not hold one line with a passphrase/);
    assert.doesNotMatch(world.output().stderr, /sesame/);
  });

  test("is asked for on a terminal, twice where it is new", async () => {
    // No letter of it is a hexadecimal digit: the fingerprints shown cannot hold it by chance.
    const world = testWorld({ tty: true, stdin: "sky\nsky\nsky\nx\ny\n" });
    assert.equal((await world.run("create", "anchor", "--encrypt")).code, 0);
    const made = await world.run("create", "issuer");
    assert.equal(made.code, 0, made.stderr);
    const differ = await world.run("create", "anchor", "a", "b", "--encrypt");
    assert.match(differ.stderr, /the two passphrases differ/);
    assert.doesNotMatch(world.output().stderr, /sky/);
  });

  test("cannot be asked for without a terminal", async () => {
    assert.equal((await testWorld().run("create", "anchor", "--encrypt")).code, 64);
  });
});

describe("the offline ceremony", () => {
  test("a request is made here and signed there, and no key goes with it", async () => {
    const here = testWorld();
    const asked = await here.run("request", "issuer");
    assert.equal(asked.code, 0, asked.stderr);
    assert.equal(here.mode("issuer.key"), 0o600);

    const there = testWorld({ files: { "issuer.csr": here.file("issuer.csr") } });
    await there.run("create", "anchor");
    const signed = await there.run("sign", "issuer.csr");
    assert.equal(signed.code, 0, signed.stderr);
    const fingerprint = /key fingerprint ([0-9a-f]{64})/;
    assert.equal(fingerprint.exec(signed.stderr)?.[1], fingerprint.exec(asked.stderr)?.[1]);
    assert.deepEqual(readdirSync(there.cwd).sort(), ["ca.crt", "ca.key", "issuer.crt", "issuer.csr"]);

    const made = certificate(there.file("issuer.crt"));
    assert.ok(made.checkPrivateKey(createPrivateKey(here.file("issuer.key"))));
    assert.ok(made.verify(certificate(there.file("ca.crt")).publicKey) && made.ca);
  });

  test("through pipes as well", async () => {
    const here = testWorld();
    await here.run("request", "issuer");
    const { pem, keyPem } = anchor();
    const there = testWorld({ files: { "ca.crt": pem, "ca.key": keyPem }, stdin: here.file("issuer.csr") });
    chmodSync(there.path("ca.key"), 0o600);
    const { code, stdout, stderr } = await there.run("sign", "-", "-");
    assert.equal(code, 0, stderr);
    assert.ok(certificate(stdout).ca);
    assert.doesNotMatch(stderr, /warning/);
  });

  test("a request that is cut off, changed, or no request is refused", async () => {
    const here = testWorld();
    await here.run("request", "issuer");
    const pem = here.file("issuer.csr");
    const { pem: ca, keyPem } = anchor();
    const world = testWorld({ files: { "ca.crt": ca, "ca.key": keyPem } });
    const cases = [
      [pem.slice(0, 200), /x\.csr, line 1: a CERTIFICATE REQUEST block without its END line/],
      [pem.replace(/\n(.{62})../, "\n$1AA"), /x\.csr, line 1: /],
      [ca, /x\.csr: it is not a PKCS#10 certificate request/],
      ["", /x\.csr: it is not a PKCS#10/],
    ] as const;
    for (const [text, expected] of cases) {
      writeFileSync(world.path("x.csr"), text);
      const { code, stderr } = await world.run("sign", "x.csr");
      assert.equal(code, 1);
      assert.match(stderr, expected);
    }
    assert.equal((await world.run("sign")).code, 64);
  });

  test("an issuer's certificate signs no request", async () => {
    const { pem, keyPem } = issuer(anchor());
    const world = testWorld({ files: { "ca.crt": pem, "ca.key": keyPem } });
    await world.run("request", "issuer");
    assert.match((await world.run("sign", "issuer.csr")).stderr, /has path length 0 and signs no issuer/);
  });
});
