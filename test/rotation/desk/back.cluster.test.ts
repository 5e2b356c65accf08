// Ways back and ways out, when the first attempt was given up, or what it needs is gone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { connect } from "../../../cluster/connect.ts";
import { readJournals } from "../../../cluster/rotation/journal/journal.ts";
import { claim, takeUp } from "../../../plugin/rotate/errand/claim.ts";
import { type Errand, giveBack, type Place } from "../../../plugin/rotate/errand/session.ts";
import type { GoingOptions } from "../../../plugin/rotate/options.ts";
import type { Seat } from "../../../plugin/rotate/seat.ts";
import { mustApi } from "../../cluster/api.ts";
import type { ConfigMap, Secret } from "../../cluster/objects.ts";
import { objectPath } from "../../cluster/paths.ts";
import { skip } from "../../cluster/skip.ts";
import { testWorld } from "../../plugin/world.ts";
import { goal } from "../../trust/rotation/views.ts";
import { authority, type Mesh, startMesh } from "../mesh.ts";

describe("the ways back and out", { skip }, () => {
  let mesh: Mesh;
  let desk: ReturnType<typeof testWorld>;
  const forward = ["rotate", "anchor", "--anchor", "new.crt", "--ca-key", "new.key", "--yes"];

  const back = ["--ca", "old.crt", "--ca-key", "old.key"];

  before(async () => {
    mesh = await startMesh({ workloads: 1, replicas: 1 });
    desk = testWorld({ kubeconfig: mesh.cp.kubeconfig, clock: () => new Date() });
    const next = authority("new");
    writeFileSync(desk.path("old.crt"), mesh.old.anchor.pem);
    writeFileSync(desk.path("old.key"), mesh.old.anchor.keyPem);
    writeFileSync(desk.path("new.crt"), next.anchor.pem);
    writeFileSync(desk.path("new.key"), next.anchor.keyPem);
  });
  after(() => mesh?.stop());

  async function run(...words: string[]) {
    const { code, stdout, stderr } = await desk.run(...words);
    return { code, text: stdout + stderr };
  }
  async function must(...words: string[]) {
    const { code, text } = await run(...words);
    assert.equal(code, 0, text);
    return text;
  }

  /** `rotate abort` by somebody who says yes only after that has been done. */
  async function abortWhile(elsewhere: () => Promise<unknown>) {
    const asking = testWorld({ kubeconfig: mesh.cp.kubeconfig, clock: () => new Date(), tty: true });
    async function* yes() {
      await elsewhere();
      yield Buffer.from("y\n");
    }
    Object.assign(asking, { stdin: Object.assign(Readable.from(yes()), { isTTY: true }) });
    return asking.run("rotate", "abort");
  }

  test("a way back that was given up can be gone again", async () => {
    await must(...forward, "--pause-after", "reissued");
    await must("rotate", "rollback", "--yes", "--pause-after", "overlapped");
    assert.match(
      await must("rotate", "abort", "--yes"),
      /linkerd-certs-previous-issuer keeps the issuer before, with its key, for rotate rollback; .*kubectl delete secret/,
    );
    await must("rotate", "rollback", "--yes");
    assert.match(await must("rotate", "status"), /issuer .*\n.*identity signs with it/);
    const again = await run("rotate", "rollback", "--yes");
    assert.equal(again.code, 4);
    assert.match(again.text, /has taken .* back already/);
  });

  test("the issuer before is kept where another run has replaced it while abort was asking", async () => {
    await must(...forward, "--pause-after", "overlapped");
    const { code, stderr } = await abortWhile(() => must(...forward, "--pause-after", "reissued"));
    assert.equal(code, 0, stderr);
    assert.match(stderr, /linkerd-certs-previous-issuer keeps the issuer before/);
    await must("rotate", "rollback", "--yes");
  });

  test("a rotation that has ended while abort was asking is not given up once more", async () => {
    await must(...forward, "--pause-after", "overlapped");
    const { code, stderr } = await abortWhile(() => must("rotate", "abort", "--yes"));
    assert.equal(code, 4, stderr);
    assert.match(stderr, /has ended meanwhile \(aborted\)/);
  });

  test("the issuer before is not kept after an abort where it is the one in use", async () => {
    await must(...forward, "--pause-after", "overlapped");
    const { data } = await mustApi<Secret>(
      mesh.cp.api,
      "GET",
      objectPath("Secret", "linkerd", "linkerd-identity-issuer"),
    );
    // As after a write of the new one that was refused.
    await mustApi(mesh.cp.api, "POST", "/api/v1/namespaces/linkerd/secrets", {
      ...{ metadata: { name: "linkerd-certs-previous-issuer" }, data },
    });
    assert.doesNotMatch(await must("rotate", "abort", "--yes"), /previous-issuer/);
    const path = objectPath("Secret", "linkerd", "linkerd-certs-previous-issuer");
    assert.equal((await mesh.cp.api("GET", path)).status, 404);
  });

  test("without the issuer before, a way back ends before anybody is restarted", async () => {
    await must(...forward, "--pause-after", "reissued");
    await mustApi(mesh.cp.api, "DELETE", objectPath("Secret", "linkerd", "linkerd-certs-previous-issuer"));
    const before = await must("rotate", "history");
    const { code, text } = await run("rotate", "rollback", "--yes");
    assert.equal(code, 1);
    assert.match(text, /does not keep the issuer before any more/);
    assert.equal(await must("rotate", "history"), before);
  });

  test("what one cluster has recorded as ended goes on with the others that have not", async () => {
    const cluster = await connect({ kubeconfig: mesh.cp.kubeconfig });
    await must("rotate", "abort", "--yes");
    const recorded = await readJournals(cluster, { namespace: "linkerd" });
    const id = recorded.at(-1)?.id ?? "";
    const seat = { name: "test", cluster, who: "me@here", user: "me", recorded, open: undefined };
    const place = { seat: seat as unknown as Seat, member: { stop() {} } } as unknown as Place; // as much as is asked
    const options = { namespace: "linkerd" } as GoingOptions;
    const errand: Errand = { purpose: "rotate anchor", goal, seats: [place.seat], options, rotation: id };
    await takeUp(await claim([place], errand, desk), errand, id, desk);
    await giveBack([place]);
    const last = (await readJournals(cluster, { namespace: "linkerd" })).at(-1);
    assert.deepEqual([last?.id, last?.state], [id, "unfinished"]);
    cluster.close();
  });

  test("nothing is recorded anywhere where somebody else is at it in one of the clusters", async () => {
    const cluster = await connect({ kubeconfig: mesh.cp.kubeconfig });
    const recorded = await readJournals(cluster, { namespace: "linkerd" });
    // The second is the first once more: its lease is taken by then.
    const places = ["east", "west"].map((name) => {
      const seat = { name, cluster, who: "me@here", user: "me", recorded, open: undefined };
      return { seat: seat as unknown as Seat, member: { stop() {} } } as unknown as Place; // as much as is asked
    });
    const options = { namespace: "linkerd", maxParallel: 1, namespaceOrder: [], excluded: new Set<string>() };
    const errand: Errand = {
      ...{ purpose: "rotate anchor", goal, rotation: undefined },
      seats: places.map(({ seat }) => seat),
      options: options as unknown as GoingOptions,
    };
    const here = testWorld({ kubeconfig: mesh.cp.kubeconfig, host: { isRunning: () => true } });
    await assert.rejects(claim(places, errand, here), /is at it in west/);
    const ids = (await readJournals(cluster, { namespace: "linkerd" })).map(({ id }) => id);
    assert.deepEqual(
      ids,
      recorded.map(({ id }) => id),
    );
    assert.match(await must("rotate", "status"), /at it +nobody/);
    cluster.close();
  });

  test("who reads its events no more has not seen it done: it stops as after Ctrl-C", async () => {
    await must("rotate", "abort", "--yes");
    const main = join(import.meta.dirname, "..", "..", "..", "plugin", "main.ts");
    // Away from where the test before has left it, so that there is something to do.
    const child = spawn(process.execPath, [main, "rotate", "rollback", "--yes", "-o", "json", ...back], {
      cwd: desk.cwd,
      env: { PATH: process.env["PATH"], HOME: desk.cwd, KUBECONFIG: mesh.cp.kubeconfig },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = await once(child, "close");
    assert.equal(code, 130, said);
    assert.match(said, /go on with: /);
    assert.match(await must("rotate", "status"), /at it +nobody/);
  });

  test("a record that cannot be understood can be given up", async () => {
    const id = (await must("rotate", "history")).trim().split("\n").at(-1)?.split(" ")[0];
    const path = objectPath("ConfigMap", "linkerd", `linkerd-certs-rotation-${id}`);
    const { data } = await mustApi<ConfigMap>(mesh.cp.api, "GET", path);
    const strange = JSON.parse(data["goal.json"] ?? "") as { goal: object };
    const text = JSON.stringify({ ...strange, goal: { ...strange.goal, zeal: 1 } });
    await mustApi(mesh.cp.api, "PATCH", path, { data: { "goal.json": text } });
    const { code, text: said } = await run(...forward);
    assert.equal(code, 1);
    assert.match(said, /cannot be understood: .*zeal.*\n.*rotate abort/);
    assert.match(await must("rotate", "abort", "--yes"), /its goal cannot be understood\) is given up/);
  });
});
