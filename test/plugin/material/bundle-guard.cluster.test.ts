// What bundle writes goes through the guard, and what the guard refuses is said in its words.
import assert from "node:assert/strict";
import { after as atEnd, before, test } from "node:test";
import { type Cluster, connect } from "../../../cluster/connect.ts";
import { Failure } from "../../../cluster/failure.ts";
import { anchor, bundle, hour, issuer } from "../../certificates/index.ts";
import { inject, installLinkerd } from "../../cluster/linkerd.ts";
import { type Guarded, startGuarded } from "../../guard/guarded.ts";
import { testWorld } from "../world.ts";

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

test("an anchor in use that is dropped as asked is refused by the guard's rules before it is sent", async () => {
  const words = ["--live", "next.pem", "--drop", current.fingerprint.slice(0, 8)];
  for (const how of [["--dry-run", "server"], ["--yes"]]) {
    const { code, stderr } = await run(...words, ...how);
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /error: the issuer chains to no anchor in the trust bundle \[issuer-chains-to-anchor\]\n.*hint: /,
    );
    assert.match(stderr, /^Nothing was written\. What a rule means: explain RULE\.$/m);
    assert.doesNotMatch(stderr, /admission webhook/);
  }
});

test("in an emergency an annotation lets it pass, as it does at the guard, which may know of more rules to name", async () => {
  const drop = ["--live", "next.pem", "--drop", current.fingerprint.slice(0, 8), "--dry-run", "client"];
  const [, rules = ""] = /linkerd-certs\.io\/allow=(\S+)$/m.exec((await run(...drop)).stderr) ?? [];
  const roots = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";
  const annotated = (allow: string | null) =>
    guarded.cp.api("PATCH", roots, { metadata: { annotations: { "linkerd-certs.io/allow": allow } } });
  await annotated(rules);
  const { code, stderr } = await run(...drop);
  await annotated(null);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /warning: let pass by its annotation: .* \[issuer-chains-to-anchor\]/);
});

test("what the guard alone refuses is said in its words", async () => {
  const real = await connect({ kubeconfig: guarded.cp.kubeconfig });
  // One who may see nothing but the ConfigMap is told so, and the guard sees more.
  const hidden = (path: string) => new Failure(`${path} is forbidden`, "Ask.", { status: 403 });
  const cluster: Cluster = {
    ...real,
    request: (method, path, options) =>
      path.includes("/secrets/") ? Promise.reject(hidden(path)) : real.request(method, path, options),
  };
  const words = ["--live", "next.pem", "--drop", current.fingerprint.slice(0, 8), "--yes"];
  const { code, stderr } = await testWorld({ cluster, now, files }).run(
    "bundle",
    ...words,
    "--apply",
    "--force-conflicts",
  );
  assert.equal(code, 2, stderr);
  assert.match(stderr, /warning: what this would break is not all known: .*secrets\/linkerd-identity-issuer/);
  assert.match(stderr, /error: admission webhook "[^"]+" denied the request: /);
  assert.match(stderr, /hint: What a rule means: explain RULE\. Nothing was written\./);
});

test("an anchor that comes beside the live one is let in", async () => {
  const { code, stderr } = await run("--live", "next.pem", "--yes");
  assert.equal(code, 0, stderr);
});
