// What is minted here is what Go's crypto/x509, rustls-webpki and OpenSSL take.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { after as moment, now, year } from "../../certificates/index.ts";
import { missing, startOracles } from "../../oracles/oracles.ts";
import { anchorOf, issuerOf, keyPem, leafOf, type Made, pemOf } from "./mint-material.ts";

const oracles = await startOracles();
after(() => oracles.stop());
const skip = missing().join("; ") || false;
const noOpenssl = spawnSync("openssl", ["version"]).status === 0 ? false : "skipped: openssl is missing";

const { privateKey: rsa } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const anchors: Readonly<Record<string, Made>> = {
  "an anchor": await anchorOf({ pathLength: 1 }),
  "an anchor beyond 2049": await anchorOf({ notAfter: moment(30 * year) }),
  "an RSA anchor": await anchorOf({}, rsa),
};
const issuers = { "an issuer": {}, "a constrained issuer": { permittedDomains: ["cluster.local"] } };

const houses: { readonly name: string; readonly root: Made; readonly issuer: Made; readonly leaf: Made }[] =
  [];
for (const [whose, root] of Object.entries(anchors)) {
  for (const [who, wish] of Object.entries(issuers)) {
    const issuer = await issuerOf(root, wish);
    houses.push({ name: `a leaf of ${who} of ${whose}`, root, issuer, leaf: await leafOf(issuer) });
  }
}

for (const { name, root, issuer, leaf } of houses) {
  test(`Go and webpki take ${name}`, { skip }, async () => {
    const bundle = Buffer.from(pemOf(root));
    const [chain, key] = [Buffer.from(pemOf(issuer)), Buffer.from(keyPem(issuer))];
    const [answer] = await oracles.judge([{ now, bundle, chain, key, leaf: leaf.certificate.der }]);
    assert.deepEqual(answer?.identity?.verify, { ok: true });
    assert.deepEqual(answer?.identity?.key, { ok: true, matches: true });
    assert.equal(answer?.identity?.isCA, true);
    assert.deepEqual([answer?.proxy?.server, answer?.proxy?.client], [{ ok: true }, { ok: true }]);
    assert.equal(answer?.proxy?.bundle.skipped, 0);
  });

  test(`OpenSSL takes ${name}`, { skip: noOpenssl }, () => {
    const folder = mkdtempSync(join(tmpdir(), "linkerd-certs-openssl-"));
    try {
      for (const [file, made] of Object.entries({ root, issuer, leaf }))
        writeFileSync(join(folder, file), pemOf(made));
      const at = ["-x509_strict", "-attime", `${now.getTime() / 1000}`];
      const args = ["verify", ...at, "-CAfile", "root", "-untrusted", "issuer", "leaf"];
      const { stdout, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
      assert.equal(stdout + stderr, "leaf: OK\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
