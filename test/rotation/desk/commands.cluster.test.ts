// The commands of a rotation, as a person meets them, on a mesh with a stand-in for Linkerd's controllers.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mustApi } from "../../cluster/api.ts";
import { skip } from "../../cluster/skip.ts";
import { whileSomebodyElseIsAtIt } from "../somebody-else.ts";
import { atTheDesk } from "./at-the-desk.ts";

describe("a person at the desk", { skip }, () => {
  const here = atTheDesk();

  test("pauses after a stage, with the new anchor in files that are his alone", async () => {
    const terminal = here.world({ tty: true, stdin: "y\n" });
    const { code, stderr } = await terminal.run(
      "rotate",
      "anchor",
      ...here.create(),
      "--pause-after",
      "overlapped",
    );
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /stage overlapped is reached; go on with: kubectl linkerd-certs rotate anchor --create /,
    );
    assert.equal(here.desk.mode("new/ca.key"), 0o600);
    const { stdout } = await here.desk.run("rotate", "status");
    assert.match(stdout, /^test: overlapped: everybody trusts both/m);
    assert.match(stdout, /rotation \d{8}-\d{6}-[0-9a-f]{4}, begun at .* by admin@laptop/);
    assert.match(stdout, /next +writing the issuer/);
    assert.match(stdout, /proven +/);
  });

  test("cannot begin another one on top of it, and is told both ways out", async () => {
    for (const words of [
      ["rotate", "anchor", "--anchor", "other.crt", "--ca-key", "other.key", "--yes"],
      ["rotate", "issuer", "--ca", "other.crt", "--ca-key", "other.key", "--yes"],
      ["recover", "expired", "--anchor", "other.crt", "--ca-key", "other.key", "--yes"],
    ]) {
      const { code, stderr } = await here.desk.run(...words);
      assert.equal(code, 4, stderr);
      assert.match(stderr, /is unfinished in test: from "old" .* to "root\.linkerd\.cluster\.local"/);
      assert.match(stderr, /rotate abort; or take it back: rotate rollback/);
    }
  });

  test("is told who else is at it", async () => {
    await whileSomebodyElseIsAtIt(here.mesh.cp, async () => {
      const { code, stderr } = await here.desk.run("rotate", "anchor", ...here.create(), "--yes");
      assert.equal(code, 4);
      assert.match(stderr, /joe@server is at it in test since 20.*Z: rotate anchor/);
      assert.match(
        (await here.desk.run("rotate", "status")).stdout,
        /at it +joe@server, rotate anchor, since/,
      );
    });
  });

  test("goes on without material as far as that leads, and is told what is missing", async () => {
    const { code, stderr } = await here.desk.run("rotate", "anchor", "--yes");
    assert.notEqual(code, 0);
    assert.match(stderr, /it is time for the new issuer, and nobody has given one/);
    assert.match(stderr, /--ca-key/);
  });

  test("gives it up, and begins it again with the files that are there", async () => {
    const refused = await here.desk.run("rotate", "abort");
    assert.equal(refused.code, 4);
    const { code, stderr } = await here.desk.run("rotate", "abort", "--yes");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the bundle holds "old" .*, "root.*; issuer .*, which chains to "old"/);
    assert.match(
      (await here.desk.run("rotate", "history")).stdout,
      /aborted .*admin@laptop +anchor "old" .* -> "root/,
    );
    assert.match((await here.desk.run("rotate", "abort", "--yes")).stderr, /no rotation is under way/);
    const again = await here.desk.run(
      "rotate",
      "anchor",
      ...here.create(),
      "--yes",
      "--pause-after",
      "reissued",
    );
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /which is in .*new already/);
  });

  test("takes it back: the issuer before signs again, and both anchors stay", async () => {
    const { code, stderr } = await here.desk.run("rotate", "rollback", "--yes");
    assert.equal(code, 0, stderr);
    const { stdout } = await here.desk.run("rotate", "history");
    assert.match(stdout, /reversed/);
    assert.match(stdout, /done .* takes \S+ back/);
    const status = await here.desk.run("rotate", "status");
    assert.match(status.stdout, /bundle +"old" .*, "root/);
    assert.match(
      status.stdout,
      new RegExp(
        `issuer +"${here.mesh.old.issuer.name}" \\(${here.mesh.old.issuer.fingerprint.slice(0, 8)}\\)`,
      ),
    );
    const twice = await here.desk.run("rotate", "rollback", "--yes");
    assert.equal(twice.code, 4);
  });

  test("goes all the way, and reads afterwards what was done and why it was safe", async () => {
    const { code, stdout, stderr } = await here.desk.run(
      "rotate",
      "anchor",
      ...here.create(),
      "--yes",
      "-o",
      "json",
    );
    assert.equal(code, 0, stderr);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(events.at(-1).outcome, "done");
    assert.ok(events.every(({ kind }) => kind === "RotationEvent"));
    const list = JSON.parse((await here.desk.run("rotate", "history", "-o", "json")).stdout);
    const id = list.items.at(-1).id;
    const whole = (await here.desk.run("rotate", "history", id)).stdout;
    assert.match(whole, /step|write-bundle {2}begun/);
    assert.match(whole, /proven {2}issuer [0-9a-f]{8} in use since/);
    assert.match(whole, /identity signs with/);
    assert.match(whole, /ended {2}done/);
    const status = await here.desk.run("rotate", "status");
    assert.match(status.stdout, /nothing is under way|done: the old anchor is gone/);
    const secrets = await here.mesh.cp.api(
      "GET",
      "/api/v1/namespaces/linkerd/secrets/linkerd-certs-previous-issuer",
    );
    assert.equal(secrets.status, 404, "the issuer before is not kept for ever");
  });

  test("gives the mesh another issuer, and nothing is restarted", async () => {
    const before = await generations();
    const material = ["--ca", here.desk.path("new/ca.crt"), "--ca-key", here.desk.path("new/ca.key")];
    const { code, stderr } = await here.desk.run("rotate", "issuer", ...material, "--yes");
    assert.equal(code, 0, stderr);
    assert.deepEqual(await generations(), before);
  });

  test("finds no key in anything that was recorded or said", async () => {
    const maps = await mustApi<object>(here.mesh.cp.api, "GET", "/api/v1/namespaces/linkerd/configmaps");
    const events = await mustApi<object>(here.mesh.cp.api, "GET", "/apis/events.k8s.io/v1/events");
    const all = JSON.stringify([maps, events, here.desk.output()]);
    assert.doesNotMatch(all, /PRIVATE KEY/);
    for (const name of ["new/ca.key"]) {
      const secret = here.desk.file(name).split("\n")[2] ?? "";
      assert.ok(secret.length > 20 && !all.includes(secret));
    }
  });

  test("finds what was done to an object at the object itself", async () => {
    const { items } = await mustApi<{
      items: { reason: string; regarding: { kind: string; name: string } }[];
    }>(here.mesh.cp.api, "GET", "/apis/events.k8s.io/v1/events");
    const seen = new Set(
      items.map(({ reason, regarding }) => `${reason} ${regarding.kind}/${regarding.name}`),
    );
    for (const one of [
      "TrustBundleWritten ConfigMap/linkerd-identity-trust-roots",
      "IssuerWritten Secret/linkerd-identity-issuer",
      "RestartedForRotation Deployment/linkerd-identity",
      "RestartedForRotation Deployment/app-0",
    ])
      assert.ok(seen.has(one), `${one}: ${[...seen].join(", ")}`);
  });

  async function generations(): Promise<readonly number[]> {
    const { items } = await mustApi<{ items: { metadata: { generation: number } }[] }>(
      here.mesh.cp.api,
      "GET",
      "/apis/apps/v1/deployments",
    );
    return items.map(({ metadata }) => metadata.generation);
  }
});
