import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { anchor, bundle, day, hour, issuer, type Spoil, year } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { binariesAvailable } from "../cluster/binaries.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { restart } from "../cluster/rollout.ts";
import { account } from "../cluster-access/account.ts";
import { type TestWorldOptions, testWorld } from "./world.ts";

const skip = binariesAvailable() === "missing-go" && "needs Go to build the control plane";

// The API server's clock is the real one, so certificates are dated from now.
const start = new Date();
const at = (ms: number) => new Date(start.getTime() + ms);
const dated = (from: number, until: number): Spoil => ({ notBefore: at(from), notAfter: at(until) });
const [root, former, strange] = ["root", "former root", "strange root"].map((name) =>
  anchor(name, dated(-30 * day, 10 * year)),
) as [ReturnType<typeof anchor>, ReturnType<typeof anchor>, ReturnType<typeof anchor>];
const sound = issuer(root, dated(-7 * day, year));
const secretPath = "/api/v1/namespaces/linkerd/secrets/linkerd-identity-issuer";
const rootsPath = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";

describe("check, against a real API server", { skip }, () => {
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane();
    await installLinkerd(cp, {
      bundle: bundle(root),
      issuer: { chainPem: sound.pem, keyPem: sound.keyPem },
    });
    await inject(cp, { name: "web", namespace: "shop", bundle: bundle(root), replicas: 2 });
    await inject(cp, { name: "db", kind: "StatefulSet", namespace: "shop", bundle: bundle(root) });
    await fresh(cp);
  });
  after(() => cp.stop());

  const world = (options: TestWorldOptions = {}) =>
    testWorld({ kubeconfig: cp.kubeconfig, now: new Date(), ...options });
  const short = async (...more: string[]) => {
    const { code, stdout, stderr } = await world().run("check", "-o", "short", ...more);
    return { code, stderr, screen: plain(stdout) };
  };

  test("a healthy mesh: every question is answered well", async () => {
    const { code, stdout, stderr } = await world().run("check");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /√ identity signs with the issuer that is in the Secret\n {4}its pod was made at/);
    const screen = plain(stdout);
    assert.ok(!/[‼×–]/.test(screen), screen);
    assert.match(screen, /√ 3 proxies trust "root" \(F1\)\n {4}shop\/deploy\/web \(2\)\n {4}shop\/sts\/db\n/);
    assert.match(screen, /TIME {3}in 364 days {3}new pods fail from then on/);
    assert.match(screen, /TIME {3}in 364 days {3}every running proxy fails by then/);
    assert.ok(screen.endsWith("Status check results are √\n"));
  });

  test("a stale control plane, which no other tool sees", async (t) => {
    t.after(() => fresh(cp));
    await setTimeout(1100); // times have whole seconds
    await patch(rootsPath, { data: { "ca-bundle.crt": bundle(root, former) } });
    const { code, screen } = await short();
    assert.equal(code, 0);
    assert.equal(
      screen.split("proxies\n-------")[0],
      `trust bundle
------------
‼ linkerd-config holds the same anchors as the trust bundle
    the next upgrade would drop anchor "former root" (F1): linkerd-config lacks it
    Bring identityTrustAnchorsPEM in the install's values in line with the trust bundle.
    see RULES#bundle-agrees-with-config for hints

control plane
-------------
‼ the control plane started after the trust bundle last changed
    deploy/linkerd-destination started before the trust bundle last changed
      the bundle changed at TIME
    deploy/linkerd-identity started before the trust bundle last changed
      the bundle changed at TIME
    deploy/linkerd-proxy-injector started before the trust bundle last changed
      the bundle changed at TIME
    Restart linkerd-identity, then linkerd-proxy-injector, then linkerd-destination.
    see RULES#control-plane-fresh for hints

`,
    );
    assert.equal((await short("--fail-on", "warning")).code, 2);
    await patch(rootsPath, { data: { "ca-bundle.crt": bundle(root) } });
  });

  test("an expired issuer", async (t) => {
    t.after(() => putIssuer(sound));
    const expired = issuer(root, dated(-2 * day, -hour));
    await putIssuer(expired);
    const { code, screen } = await short();
    assert.equal(code, 2);
    assert.equal(
      screen,
      `issuer
------
× the issuer has not expired
    issuer "identity.linkerd.cluster.local" (F1) expired at TIME
    Issue a new one from an anchor in the bundle.
    see RULES#issuer-not-expired for hints

Status check results are ×
`,
    );
    const { stdout } = await world().run("check");
    assert.match(plain(stdout), /TIME {3}60 minutes ago {3}new pods fail from then on/);
  });

  test("an issuer that is not in the bundle, and what identity did with it", async (t) => {
    t.after(() => putIssuer(sound));
    await writeIssuer(issuer(strange, dated(-hour, 2 * day)));
    await say("IssuerUpdateSkipped", "Skipping issuer update as certs could not be read from disk");
    const { code, screen } = await short();
    assert.equal(code, 2);
    assert.equal(
      screen,
      `issuer
------
× the issuer is signed by an anchor in the trust bundle
    the issuer chains to no anchor in the trust bundle
      identity and proxies refuse "identity.linkerd.cluster.local" (F1): "identity.linkerd.cluster.local" (F1) is signed by no anchor in the bundle: none is named as its issuer, CN=strange root
    Add the issuer's anchor to the bundle first, or issue it from an anchor that is there.
    see RULES#issuer-chains-to-anchor for hints
× identity signs with the issuer that is in the Secret
    identity skipped issuer "identity.linkerd.cluster.local" (F1) and signs with an older one
      event IssuerUpdateSkipped at TIME: Skipping issuer update as certs could not be read from disk
    Restart deploy/linkerd-identity once the issuer chains to an anchor of the trust bundle.
    see CHECKS#issuer-taken-up for hints

proxies
-------
× every running proxy trusts the issuer
    proxies that hold bundle F2 do not trust the issuer
      issuer "identity.linkerd.cluster.local" (F1); restart shop/deploy/web, shop/sts/db
    Restart the workloads that hold an older bundle, then write the issuer.
    see RULES#issuer-trusted-by-proxies for hints

Status check results are ×
`,
    );
    await cp.kubectl(["delete", "events", "-n", "linkerd", "--all"]);
  });

  test("proxies of three different bundles, by the workloads that own them", async (t) => {
    t.after(() => cp.kubectl(["delete", "ns", "mixed", "--timeout=60s"]));
    await inject(cp, { name: "both", namespace: "mixed", bundle: bundle(former, root) });
    await inject(cp, { name: "old", namespace: "mixed", bundle: bundle(former), replicas: 2 });
    // Neither a pod that has finished nor one without a proxy counts.
    await inject(cp, { name: "done", kind: "Pod", namespace: "mixed", bundle: bundle(strange) });
    await patch("/api/v1/namespaces/mixed/pods/done/status", { status: { phase: "Succeeded" } });
    const spec = { containers: [{ name: "app", image: "example.test/app:1" }] };
    await mustApi(cp.api, "POST", "/api/v1/namespaces/mixed/pods", { metadata: { name: "bare" }, spec });
    const { stdout } = await world().run("check");
    assert.match(stdout, /proxies that hold bundle [0-9a-f]{8} do not trust the issuer\n/);
    const [, proxies] = /proxies by bundle\n-+\n(.*?)\n\n/s.exec(plain(stdout)) ?? [];
    assert.equal(
      proxies,
      `√ 3 proxies trust "root" (F3)
    shop/deploy/web (2)
    shop/sts/db
‼ 2 proxies trust "former root" (F1)
    mixed/deploy/old (2)
√ 1 proxy trusts "former root" (F1), "root" (F3)
    mixed/deploy/both`,
    );
  });

  test("missing RBAC: says what is missing, and checks the rest", async () => {
    const kubeconfig = await account(cp, "reader", "readers", {
      clusterWide: [
        { apiGroups: [""], resources: ["configmaps", "namespaces", "events"], verbs: ["get", "list"] },
      ],
    });
    const { code, stdout, stderr } = await world({ kubeconfig }).run("check");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /Secret linkerd\/linkerd-identity-issuer cannot be read: .*\n.*hint: Give system:serviceaccount:readers:reader the verb "get" on secrets in namespace linkerd\.\n/,
    );
    assert.match(stderr, /the verb "list" on pods in the whole cluster\.\n/);
    assert.match(stdout, /√ no anchor has expired\n/);
    assert.match(
      stdout,
      /– the issuer has not expired\n {4}not asked: Secret linkerd\/linkerd-identity-issuer cannot be read\n/,
    );
    assert.match(
      stdout,
      /– every running proxy .*\n {4}not asked: the pods of all namespaces cannot be read\n/,
    );
  });

  test("with Linkerd's own namespace only, the control plane is still looked at", async () => {
    const rules = [{ apiGroups: [""], resources: ["*"], verbs: ["get", "list"] }];
    const kubeconfig = await account(cp, "inside", "linkerd", { namespaced: rules });
    const { code, stdout } = await world({ kubeconfig }).run("check");
    assert.equal(code, 1);
    assert.match(stdout, /√ the control plane started after the trust bundle last changed\n/);
    assert.match(stdout, /√ identity signs with the issuer that is in the Secret\n/);
    assert.match(stdout, /– every running proxy trusts the issuer\n/);
  });

  test("no Linkerd here, and where it is", async () => {
    const { code, stdout, stderr } = await world().run("check", "-L", "mesh");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(
      stderr,
      `linkerd-certs: error: there is no namespace mesh, and so no Linkerd in it
linkerd-certs: hint: Linkerd is in namespace linkerd: add -L linkerd.
`,
    );
    assert.match(
      (await world().run("check", "-L", "shop")).stderr,
      /error: there is no Linkerd in namespace shop\n/,
    );
  });

  test("-o json has its documented shape", async () => {
    const { stdout } = await world().run("check", "-o", "json");
    const document = JSON.parse(stdout);
    assert.deepEqual(Object.keys(document), ["apiVersion", "kind", "result", "clusters"]);
    assert.deepEqual([document.apiVersion, document.kind], ["linkerd-certs.io/v1", "Check"]);
    assert.deepEqual(Object.keys(document.clusters[0]), [
      "name",
      "server",
      "linkerdNamespace",
      "at",
      "groups",
      "bundle",
      "issuer",
      "issuerInUse",
      "proxies",
      "places",
      "webhooks",
      "renewals",
      "timeline",
      "unreadable",
    ]);
    assert.equal(document.clusters[0].issuerInUse.state, "secret");
    assert.equal(document.clusters[0].proxies.byBundle[0].workloads[0].name, "shop/deploy/web");
    assert.ok(!stdout.includes("-----BEGIN"));
  });

  test("as an extension of linkerd", async () => {
    const linkerd = { ...world(), calledAs: "linkerd-certs" };
    const { run } = await import("../../plugin/run.ts");
    await run(["_extension-metadata"], linkerd);
    const words =
      "check --as-group=[] --linkerd-namespace=linkerd --verbose=false --namespace= --proxy=false --wait=5m0s --output=json";
    assert.equal(await run(words.split(" "), linkerd), 0);
    const [metadata = "", ...rest] = linkerd.output().stdout.split("\n");
    assert.deepEqual(JSON.parse(metadata), { name: "linkerd-certs", checks: "always" });
    const { success, categories } = JSON.parse(rest.join("\n"));
    assert.equal(success, true);
    assert.equal(categories[0].categoryName, "linkerd-certs: trust bundle");
    const description = "the trust bundle is there and holds at least one anchor";
    const [present] = categories[0].checks.filter(
      (one: { description: string }) => one.description === description,
    );
    assert.deepEqual(present, { description, result: "success" });
  });

  test("--wait tells of each change, and gives up in time", async (t) => {
    t.after(() => putIssuer(sound));
    await putIssuer(issuer(root, dated(-2 * day, -hour)));
    const { code, stderr } = await world().run("check", "--wait", "1s", "-o", "short");
    assert.equal(code, 3);
    assert.match(stderr, /^\S+Z waiting: issuer-not-expired\n$/);
  });

  test("several clusters: who trusts whom, who lacks which anchor", async (t) => {
    const other = await startControlPlane();
    t.after(() => other.stop());
    const theirs = issuer(strange, dated(-hour, year));
    await installLinkerd(other, {
      bundle: bundle(root, strange),
      issuer: { chainPem: theirs.pem, keyPem: theirs.keyPem },
    });
    await fresh(other);
    const { readFileSync } = await import("node:fs");
    const [east, west] = [cp, other].map((one) => JSON.parse(readFileSync(one.kubeconfig, "utf8")));
    for (const [name, config] of [
      ["east", east],
      ["west", west],
    ]) {
      config.contexts[0] = { name, context: { cluster: name, user: name } };
      config.clusters[0].name = name;
      config.users[0].name = name;
    }
    const merged = { ...east };
    for (const key of ["contexts", "clusters", "users"]) merged[key] = [...east[key], ...west[key]];
    const both = testWorld({ now: new Date(), files: { both: JSON.stringify(merged) } });
    const words = ["check", "--kubeconfig", both.path("both"), "--context", "east", "--context", "west"];
    const { code, stdout } = await both.run(...words);
    assert.equal(code, 2);
    assert.equal(
      plain(stdout.slice(stdout.indexOf("clusters\n----"))),
      `clusters
--------
× every cluster trusts the issuer of every other
    east does not trust issuer "identity.linkerd.cluster.local" (F1) of west
      proxies refuse a leaf signed by "identity.linkerd.cluster.local" (F1) as a server: no anchor or intermediate issued it (UnknownIssuer)
    Add the missing anchor to every cluster and restart its proxies, before any issuer changes.
    see CHECKS#clusters-trust-each-other for hints
‼ every cluster has the anchors of every other
    east lacks anchor "strange root" (F2)
    During a rotation, add the new anchor everywhere first; drop the old one everywhere last.
    see CHECKS#clusters-share-anchors for hints

who has which anchor
--------------------
ANCHOR                      east   west
"root" (F3)           √      √
"strange root" (F2)   –      √

Status check results are ×
`,
    );
  });

  test("an API server that cannot be reached", async () => {
    const { readFileSync } = await import("node:fs");
    const config = JSON.parse(readFileSync(cp.kubeconfig, "utf8"));
    config.clusters[0].cluster.server = "https://127.0.0.1:1";
    const away = testWorld({ files: { away: JSON.stringify(config) } });
    const { code, stdout, stderr } = await away.run("check", "--kubeconfig", away.path("away"));
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(
      stderr,
      `linkerd-certs: error: the API server at 127.0.0.1:1 cannot be reached (ECONNREFUSED)
linkerd-certs: hint: Check that the cluster runs, that the address is right, and that the network lets us through.
`,
    );
    config.clusters[0].cluster.server = cp.server;
    config.users[0].user.token = "expired";
    const late = testWorld({ files: { late: JSON.stringify(config) } });
    const refused = await late.run("check", "--kubeconfig", late.path("late"));
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /error: the API server does not know who we are \(401\)\n.*hint: Log in again/,
    );
  });

  async function writeIssuer({ pem, keyPem }: typeof sound) {
    await setTimeout(1100);
    const data = { "crt.pem": btoa(pem.trim()), "key.pem": btoa(keyPem.trim()) };
    await patch(secretPath, { data });
  }

  async function putIssuer(minted: typeof sound) {
    await writeIssuer(minted);
    await setTimeout(1100);
    await restart(cp, { name: "linkerd-identity", namespace: "linkerd" });
  }

  async function patch(path: string, body: object) {
    await mustApi(cp.api, "PATCH", path, body);
  }

  async function say(reason: string, message: string) {
    const now = `${new Date().toISOString().slice(0, 19)}Z`;
    await mustApi(cp.api, "POST", "/api/v1/namespaces/linkerd/events", {
      metadata: { generateName: "linkerd-identity.", namespace: "linkerd" },
      involvedObject: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace: "linkerd",
        name: "linkerd-identity",
      },
      type: reason === "IssuerUpdated" ? "Normal" : "Warning",
      reason,
      message,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }
});

/** Restarts the control plane in the second after the last write. */
async function fresh(cp: ControlPlane): Promise<void> {
  await setTimeout(1100);
  for (const name of ["identity", "destination", "proxy-injector"])
    await restart(cp, { name: `linkerd-${name}`, namespace: "linkerd" });
}

/** A screen without what differs from run to run. */
function plain(screen: string): string {
  const known = new Map<string, string>();
  return screen
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replace(/https:\/\/\S+rules\/README\.md/g, "RULES")
    .replace(/https:\/\/\S+docs\/check\.md/g, "CHECKS")
    .replace(/\b[0-9a-f]{8}\b/g, (fingerprint) => {
      if (!known.has(fingerprint)) known.set(fingerprint, `F${known.size + 1}`);
      return known.get(fingerprint) ?? "";
    });
}
