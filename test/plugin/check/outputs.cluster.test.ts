import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundle, day, hour, issuer, year } from "../../certificates/index.ts";
import { startControlPlane } from "../../cluster/control-plane.ts";
import { installLinkerd } from "../../cluster/linkerd.ts";
import { skip } from "../../cluster/skip.ts";
import { testWorld } from "../world.ts";
import { checkedMesh, dated, fresh, plain, root, sound, strange } from "./checked-mesh.ts";

describe("what check answers to machines, in time and of several clusters, against a real API server", {
  skip,
}, () => {
  const mesh = checkedMesh();
  const { world, putIssuer } = mesh;

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
    const { run } = await import("../../../plugin/run.ts");
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
    const [east, west] = [mesh.cp, other].map((one) => JSON.parse(readFileSync(one.kubeconfig, "utf8")));
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
});
