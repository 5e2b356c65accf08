// A rotation's journal, on a real API server.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import { beginJournal, readJournals, unfinished } from "../../../cluster/rotation/journal/journal.ts";
import { type Line, provenUse } from "../../../cluster/rotation/journal/journal-line.ts";
import { journalObject, type Opening, rotationId } from "../../../cluster/rotation/journal/journal-object.ts";
import { journalsKept, pruneJournals } from "../../../cluster/rotation/journal/journal-prune.ts";
import { journalWriter } from "../../../cluster/rotation/journal/journal-writer.ts";
import { mustApi } from "../../cluster/api.ts";
import { skip } from "../../cluster/skip.ts";
import { bareCluster } from "./bare-cluster.ts";

const maps = "/api/v1/namespaces/linkerd/configmaps";
const at = "2026-06-01T12:00:00Z";
const line: Line = { at, who: "jane@laptop", cluster: "east", entry: "note", says: "a line" };

describe("a rotation's journal", { skip }, () => {
  const bare = bareCluster();

  test("gives back what was recorded: the goal, the lines in their order, and how it stands", async () => {
    const opening = await begin();
    const writer = journalWriter(bare.cluster, { namespace: "linkerd", opening });
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
    assert.equal(unfinished(await readJournals(bare.cluster, { namespace: "linkerd" }))?.id, opening.id);
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
    const writer = journalWriter(bare.cluster, { namespace: "linkerd", opening });
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
      bare.cp.api,
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
      writer: journalWriter(bare.cluster, { namespace: "linkerd", opening }),
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
    const writer = journalWriter(bare.cluster, { namespace: "linkerd", opening });
    writer.append({ ...line, says: "before" });
    await writer.flush();
    await mustApi(bare.cp.api, "DELETE", `${maps}/linkerd-certs-rotation-${opening.id}`);
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
    const writer = journalWriter(bare.cluster, { namespace: "linkerd", opening });
    await bare.cp.apiserver.stop("SIGKILL");
    writer.append({ ...line, says: "meanwhile" });
    await assert.rejects(writer.flush());
    assert.match(writer.failure?.message ?? "", /cannot be reached/);
    await bare.cp.apiserver.start();
    await writer.flush();
    assert.equal(writer.failure, undefined);
    assert.equal((await read(opening.id))?.lines.at(-1)?.says, "meanwhile");
  });

  let count = 0;
  test("is deleted once there are twenty newer ones, unless it goes on or is the one that another takes back", async () => {
    const options = { namespace: "linkerd" };
    const finish = async (opening: Opening) => {
      const writer = journalWriter(bare.cluster, { ...options, opening });
      writer.append({ ...line, entry: "ended", outcome: "done" });
      await writer.close();
    };
    const [open, ended, large, taken] = [await begin(), await begin(), await begin(), await begin()];
    const part2 = journalObject("linkerd", large.id, 2, { "0002": "" });
    await mustApi(bare.cp.api, "POST", maps, part2);
    for (const opening of [ended, large, taken]) await finish(opening);
    await finish(await begin({ reverses: taken.id }));
    for (let newer = 1; newer < journalsKept; newer++) await finish(await begin());

    const before = await readJournals(bare.cluster, options);
    await pruneJournals(bare.cluster, before, { ...options, signal: AbortSignal.timeout(60_000) });
    const left = await readJournals(bare.cluster, options);
    assert.deepEqual(left.slice(-journalsKept), before.slice(-journalsKept));
    const ids = left.map(({ id }) => id);
    const there = [open, ended, large, taken].map(({ id }) => ids.includes(id));
    assert.deepEqual(there, [true, false, false, true]);
    const { items } = await mustApi<{ items: { metadata: { name: string } }[] }>(bare.cp.api, "GET", maps);
    assert.ok(!items.some(({ metadata }) => metadata.name.includes(large.id)), "all its parts are gone");
  });

  test("stays where our account may not delete it, and it is said what to do", async () => {
    const forbidding = {
      ...bare.cluster,
      request: async (method: string, path: string) => {
        assert.equal(method, "DELETE", path);
        throw new Failure("forbidden", "Ask.", { status: 403 });
      },
    };
    const done = { state: "done", lines: [] } as const;
    const recorded = Array.from({ length: 21 }, (_, n) => ({ ...done, id: `${n}`, parts: [`${n}`] }));
    await assert.rejects(
      pruneJournals(forbidding, recorded, { namespace: "linkerd", signal: AbortSignal.timeout(60_000) }),
      ({ message, hint }: Failure) =>
        message.startsWith("21 rotations are recorded") && hint.includes("rotate history ID -o json"),
    );
  });

  async function begin(more: Partial<Opening> = {}): Promise<Opening> {
    const id = rotationId(new Date(Date.now() + count++ * 1000), Math.random);
    const opening: Opening = {
      apiVersion: "linkerd-certs.io/v1",
      kind: "Rotation",
      id,
      begun: { at, who: line.who, cluster: line.cluster },
      goal: { kind: "anchor", incoming: "-----BEGIN CERTIFICATE-----\n…" },
      options: { maxParallel: 10 },
      ...more,
    };
    await beginJournal(bare.cluster, opening, { ...line, entry: "begun" }, { namespace: "linkerd" });
    return opening;
  }

  async function read(id: string) {
    return (await readJournals(bare.cluster, { namespace: "linkerd" })).find((one) => one.id === id);
  }
});
