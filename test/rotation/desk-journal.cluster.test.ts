// A rotation's journal, on a real API server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Cluster, connect } from "../../cluster/connect.ts";
import { beginJournal, readJournals, unfinished } from "../../cluster/rotation/journal.ts";
import { type Line, provenUse } from "../../cluster/rotation/journal-line.ts";
import { type Opening, rotationId } from "../../cluster/rotation/journal-object.ts";
import { journalWriter } from "../../cluster/rotation/journal-writer.ts";
import { mustApi } from "../cluster/api.ts";
import { binariesAvailable } from "../cluster/binaries.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";

const skip = binariesAvailable() === "missing-go" && "needs Go to build the control plane";
const maps = "/api/v1/namespaces/linkerd/configmaps";
const at = "2026-06-01T12:00:00Z";
const line: Line = { at, who: "jane@laptop", cluster: "east", entry: "note", says: "a line" };

describe("a rotation's journal", { skip }, () => {
  let cp: ControlPlane;
  let cluster: Cluster;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    await mustApi(cp.api, "POST", "/api/v1/namespaces", { metadata: { name: "linkerd" } });
    cluster = await connect({ kubeconfig: cp.kubeconfig });
  });
  after(async () => {
    cluster.close();
    await cp.stop();
  });

  test("gives back what was recorded: the goal, the lines in their order, and how it stands", async () => {
    const opening = await begin();
    const writer = journalWriter(cluster, { namespace: "linkerd", opening });
    writer.append({ ...line, entry: "stage", stage: "overlapping", evidence: ["because"] });
    writer.append({ ...line, entry: "proven", issuer: "ab12", since: at, evidence: ["an event"] });
    await writer.flush();
    const open = await read(opening.id);
    assert.deepEqual(open?.opening, opening);
    assert.deepEqual(
      open?.lines.map(({ entry }) => entry),
      ["begun", "stage", "proven"],
    );
    assert.equal(open?.state, "unfinished");
    assert.equal(unfinished(await readJournals(cluster, { namespace: "linkerd" }))?.id, opening.id);
    assert.deepEqual(provenUse(open?.lines ?? [])[0], {
      issuer: "ab12",
      since: new Date(at),
      evidence: "an event (recorded by jane@laptop)",
    });
    writer.append({ ...line, entry: "ended", outcome: "interrupted" });
    await writer.flush();
    assert.equal((await read(opening.id))?.state, "unfinished");
    writer.append({ ...line, entry: "ended", outcome: "done" });
    assert.equal(await writer.close(), true);
    assert.equal((await read(opening.id))?.state, "done");
  });

  test("holds a rotation of a thousand workloads in few writes, each ConfigMap far below its limit", async () => {
    const opening = await begin();
    const writer = journalWriter(cluster, { namespace: "linkerd", opening });
    // Three stages restart all of them; ten are done in a second, and lines gather for ten.
    for (let count = 0; count < 3000; count++) {
      const workload = `a-namespace-of-some-length/deploy/a-workload-of-some-length-${count}`;
      writer.append({
        ...line,
        entry: "step",
        stage: "reissued",
        step: "restart-workload",
        workload,
        seconds: 12.3,
      });
      if (count % 100 === 99) await writer.flush();
    }
    assert.ok(writer.requests <= 40, `${writer.requests} requests`);
    const { items } = await mustApi<{ items: { data: Record<string, string> }[] }>(
      cp.api,
      "GET",
      `${maps}?labelSelector=linkerd-certs.io/rotation=${opening.id}`,
    );
    const sizes = items.map(({ data }) => JSON.stringify(data).length);
    assert.ok(Math.max(...sizes) < 512 * 1024, String(sizes));
    assert.ok(sizes.reduce((a, b) => a + b) < 1024 * 1024, String(sizes));
    assert.equal((await read(opening.id))?.lines.length, 3001);
  });

  test("loses no line when two write at once", async () => {
    const opening = await begin();
    const writers = ["jane", "joe"].map((who) => ({
      who,
      writer: journalWriter(cluster, { namespace: "linkerd", opening }),
    }));
    for (let count = 0; count < 10; count++) {
      for (const { who, writer } of writers) writer.append({ ...line, who, says: `${count}` });
      await Promise.all(writers.map(({ writer }) => writer.flush()));
    }
    const lines = (await read(opening.id))?.lines ?? [];
    for (const { who } of writers) {
      const own = lines.filter((one) => one.who === who).map(({ says }) => says);
      assert.deepEqual(own, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }
  });

  test("is made anew, with its goal, when somebody removes it", async () => {
    const opening = await begin();
    const writer = journalWriter(cluster, { namespace: "linkerd", opening });
    writer.append({ ...line, says: "before" });
    await writer.flush();
    await mustApi(cp.api, "DELETE", `${maps}/linkerd-certs-rotation-${opening.id}`);
    writer.append({ ...line, says: "after" });
    await writer.flush();
    const again = await read(opening.id);
    assert.deepEqual(again?.opening, opening);
    assert.deepEqual(
      again?.lines.map(({ says }) => says),
      ["after"],
    );
    assert.equal(again?.state, "unfinished");
  });

  test("keeps its lines while the API server is away, and writes them afterwards", async () => {
    const opening = await begin();
    const writer = journalWriter(cluster, { namespace: "linkerd", opening, timeoutMs: 1_000 });
    await cp.apiserver.stop("SIGKILL");
    writer.append({ ...line, says: "meanwhile" });
    await assert.rejects(writer.flush());
    assert.match(writer.failure?.message ?? "", /cannot be reached/);
    await cp.apiserver.start();
    await writer.flush();
    assert.equal(writer.failure, undefined);
    assert.equal((await read(opening.id))?.lines.at(-1)?.says, "meanwhile");
  });

  let count = 0;
  async function begin(): Promise<Opening> {
    const id = rotationId(new Date(Date.now() + count++ * 1000), Math.random);
    const opening: Opening = {
      apiVersion: "linkerd-certs.io/v1",
      kind: "Rotation",
      id,
      begun: { at, who: line.who, cluster: line.cluster },
      goal: { kind: "anchor", incoming: "-----BEGIN CERTIFICATE-----\n…" },
      options: { maxParallel: 10 },
    };
    await beginJournal(cluster, opening, { ...line, entry: "begun" }, { namespace: "linkerd" });
    return opening;
  }

  async function read(id: string) {
    return (await readJournals(cluster, { namespace: "linkerd" })).find((one) => one.id === id);
  }
});
