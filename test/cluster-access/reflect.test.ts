import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { Failure } from "../../cluster/failure.ts";
import { type Reflection, type Reflector, reflect } from "../../cluster/reflect.ts";
import { eventually } from "../cluster/eventually.ts";
import { configMap, event, type Script, type Scripted, scripted } from "./scripted.ts";

describe("a reflector", () => {
  test("lists, then follows the watch", async (t) => {
    const { reflector, cluster } = start(t, {
      lists: [{ items: [configMap("a", "1", "old"), configMap("b", "2")], version: "5" }],
      watches: [
        [
          event("MODIFIED", configMap("a", "6", "new")),
          event("DELETED", configMap("b", "7")),
          event("ADDED", configMap("c", "8")),
          "hang",
        ],
      ],
    });
    assert.equal(reflector.synced, false);
    await holds(reflector, { "default/a": "new", "default/c": "" });
    assert.equal(reflector.synced, true);
    assert.equal(cluster.watched[0]?.["resourceVersion"], "5");
    assert.equal(cluster.watched[0]?.["allowWatchBookmarks"], true);
  });

  test("takes up a broken watch where it broke, and from the last bookmark", async (t) => {
    const { cluster } = start(t, {
      lists: [{ items: [], version: "5" }],
      watches: [[event("BOOKMARK", configMap("", "90")), new Failure("broken", "Wait.")]],
    });
    await eventually("a second watch", () => cluster.watched.length === 2);
    assert.equal(cluster.watched[1]?.["resourceVersion"], "90");
    assert.equal(cluster.listed.length, 1);
  });

  for (const [name, expired] of [
    ["as an event", event("ERROR", { kind: "Status", code: 410, message: "too old resource version" })],
    ["as a status", new Failure("too old resource version", "", { status: 410 })],
  ] as const) {
    test(`makes a new list of a 410 ${name}, without a gap`, async (t) => {
      const { reflector } = start(t, {
        lists: [
          { items: [configMap("a", "1"), configMap("b", "2")], version: "5" },
          { items: [configMap("b", "2"), configMap("c", "99")], version: "100" },
        ],
        watches: [[expired]],
      });
      const sizes = new Set<number>();
      await eventually("the new list", () => {
        if (reflector.synced) sizes.add(reflector.items.size);
        return reflector.items.has("default/c");
      });
      assert.deepEqual([...reflector.items.keys()], ["default/b", "default/c"]);
      assert.deepEqual([...sizes], [2]);
      assert.equal(reflector.failure, undefined);
    });
  }

  test("replaces a watch that is silent", async (t) => {
    const script = { lists: [{ items: [], version: "5" }], watches: [["hang"]] } as const;
    const { cluster } = start(t, script, { silentMs: 20 });
    await eventually("a second watch", () => cluster.watched.length >= 2);
  });

  test("does not flood an API server that ends every watch at once", async (t) => {
    const ends = Array.from({ length: 100 }, () => []);
    const { cluster } = start(t, { lists: [{ items: [], version: "5" }], watches: ends });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.ok(cluster.watched.length <= 4, `${cluster.watched.length} watches in 1.2 s`);
  });

  test("tells of every contact, and of what broke", async (t) => {
    const told: unknown[] = [];
    const script = {
      lists: [new Failure("away", "Wait."), { items: [], version: "5" }],
      watches: [[event("ADDED", configMap("a", "6")), new Failure("broken", "Wait.")], ["hang" as const]],
    };
    const { cluster } = start(t, script, {
      onContact: (at) => told.push(at.getTime()),
      onBreak: () => told.push("broke"),
    });
    await eventually("a second watch", () => cluster.watched.length === 2);
    // The list, the watch, its event; and after the second break another list and watch.
    assert.deepEqual(told, ["broke", 0, 0, 0, "broke", 0, 0]);
  });

  test("says what keeps it from listing, and goes on trying", async (t) => {
    const forbidden = new Failure("forbidden", "Give it.", { status: 403 });
    const { reflector } = start(t, { lists: [forbidden, { items: [configMap("a", "1")], version: "5" }] });
    await eventually("the failure", () => reflector.failure === forbidden);
    assert.equal(reflector.synced, false);
    assert.equal(reflector.lastContact, undefined);
    await holds(reflector, { "default/a": "" });
    assert.equal(reflector.failure, undefined);
  });

  test("tells of changes, and not of writes that change nothing it keeps", async (t) => {
    const { reflector } = start(t, {
      lists: [{ items: [configMap("a", "1", "same")], version: "5" }],
      watches: [
        [
          event("MODIFIED", configMap("a", "6", "same")),
          event("MODIFIED", configMap("a", "7", "new")),
          "hang",
        ],
      ],
    });
    let changes = 0;
    reflector.onChange(() => changes++);
    await holds(reflector, { "default/a": "new" });
    assert.equal(changes, 2); // the list, and the second event
  });

  test("treats an object it cannot read as a failure, not as absent, and quotes nothing of it", async (t) => {
    const project = (object: unknown): string => {
      throw new Error(JSON.stringify(object));
    };
    const { reflector } = start(
      t,
      { lists: [{ items: [configMap("a", "1", "hidden")], version: "5" }] },
      { project },
    );
    const failure = await eventually("the failure", () => reflector.failure);
    assert.equal(failure.message, "default/a at /api/v1/configmaps cannot be read by this program");
    assert.equal(failure.cause, undefined);
    assert.equal(reflector.synced, false);
  });

  test("does not turn back time when the watch repeats what a refresh has seen", async (t) => {
    const refreshed = Promise.withResolvers<void>();
    const { reflector } = start(t, {
      lists: [
        { items: [configMap("a", "1", "first")], version: "9" },
        { items: [configMap("a", "12", "third")], version: "12" },
      ],
      watches: [
        [
          refreshed.promise,
          event("MODIFIED", configMap("a", "10", "second")),
          event("MODIFIED", configMap("a", "13", "fourth")),
          "hang",
        ],
      ],
    });
    const seen: unknown[] = [];
    reflector.onChange(() => seen.push(reflector.items.get("default/a")));
    await holds(reflector, { "default/a": "first" });
    await reflector.refresh(500);
    refreshed.resolve();
    await holds(reflector, { "default/a": "fourth" });
    assert.deepEqual(seen, ["first", "third", "fourth"]);
  });

  test("lists anew when bookmarks go back: the cluster was restored from a backup", async (t) => {
    const { cluster } = start(t, {
      lists: [
        { items: [], version: "500" },
        { items: [], version: "40" },
      ],
      watches: [[event("BOOKMARK", configMap("", "30"))]],
    });
    await eventually("a watch from the new list", () => cluster.watched[1]?.["resourceVersion"] === "40");
  });
});

function start(
  t: TestContext,
  script: Script,
  options: Partial<Reflection<string>> = {},
): { reflector: Reflector<string>; cluster: Scripted } {
  const cluster = scripted(script);
  const reflector = reflect<string>(cluster, {
    path: "/api/v1/configmaps",
    project: (object) => (object as { data: { value: string } }).data.value,
    clock: () => new Date(0),
    ...options,
  });
  t.after(() => reflector.stop());
  return { reflector, cluster };
}

async function holds(reflector: Reflector<string>, expected: Record<string, string>): Promise<void> {
  const text = JSON.stringify(expected);
  await eventually(text, () => JSON.stringify(Object.fromEntries(reflector.items)) === text);
}
