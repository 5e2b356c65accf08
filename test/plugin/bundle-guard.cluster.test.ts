// What bundle writes goes through the guard, and what the guard refuses is said in its words.
import assert from "node:assert/strict";
import { after as atEnd, before, test } from "node:test";
import { anchor, bundle, hour, issuer } from "../certificates/index.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { type Guarded, startGuarded } from "../guard/guarded.ts";
import { testWorld } from "./world.ts";

const now = new Date();
const at = (hours: number) => new Date(Math.floor(now.getTime() / 1000) * 1000 + hours * hour);
const dates = { notBefore: at(-100), notAfter: at(20_000) };
const [current, next] = [anchor("current", dates), anchor("next", dates)];
const identity = issuer(current, { notBefore: at(-50), notAfter: at(5000) });
const files = { "next.pem": next.pem };

let guarded: Guarded;

before(async () => {
  guarded = await startGuarded({
    async prepare(cp) {
      const chain = { chainPem: identity.pem, keyPem: identity.keyPem };
      await installLinkerd(cp, { bundle: bundle(current), issuer: chain });
      await inject(cp, { name: "web", namespace: "shop", bundle: bundle(current) });
    },
  });
});
atEnd(() => guarded?.end());

const run = (...words: string[]) =>
  testWorld({ kubeconfig: guarded.cp.kubeconfig, now, files }).run(
    "bundle",
    ...words,
    "--apply",
    "--force-conflicts",
  );

test("an anchor in use that is dropped as asked is refused by the guard, dry run or not", async () => {
  const words = ["--live", "next.pem", "--drop", current.fingerprint.slice(0, 8)];
  for (const how of [["--dry-run", "server"], ["--yes"]]) {
    const { code, stderr } = await run(...words, ...how);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /error: admission webhook "[^"]+" denied the request: /);
    assert.match(stderr, /hint: What a rule means: explain RULE\. Nothing was written\./);
  }
});

test("an anchor that comes beside the live one is let in", async () => {
  const { code, stderr } = await run("--live", "next.pem", "--yes");
  assert.equal(code, 0, stderr);
});
