import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { styleOf } from "../../plugin/render/colour.ts";
import type { Happening, WorkloadState } from "../../plugin/rotate/progress.ts";
import { drawScreen } from "../../plugin/rotate/screen/draw.ts";
import { fit, widthOf } from "../../plugin/rotate/screen/fit.ts";
import { jsonEvent } from "../../plugin/rotate/screen/json-event.ts";
import { liveLines } from "../../plugin/rotate/screen/live.ts";
import { plainLines } from "../../plugin/rotate/screen/plain-lines.ts";
import { newScreen, take } from "../../plugin/rotate/screen/state.ts";
import { wordsFor } from "../../plugin/rotate/screen/words.ts";
import type { Stage } from "../../trust/rotation/stage.ts";
import { anchor } from "../certificates/index.ts";
import { opened } from "../trust/rotation/views.ts";

const start = new Date("2026-06-01T12:00:00Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const [old, next] = [opened(anchor("old")), opened(anchor("next"))];
const title = ["rotate anchor 20260601-120000-ab12"];

describe("the screen of a rotation", () => {
  test("shows clusters, stages, waves and workloads, how far they are, and how long it may take", () => {
    assert.equal(
      `\n${drawn(rotation()).join("\n")}\n`,
      `
rotate anchor 20260601-120000-ab12                                                               30s
east  everybody learns to trust both anchors  ████░░░░░░░░ 3/9, about 1m00s left of this stage
│  > trust both    new issuer    new leaves    drop the old
├─ control plane  √ identity  ↻ proxy-injector 1/2
├─ √ emojivoto done (2 workloads)
├─ × shop 1/5
│  ├─ × deploy/cart 0/2  ImagePullBackOff
│  ├─ ↻ sts/db 1/3
│  ├─ ‼ job/report  ends by itself
│  └─ 1 to come
├─ · web to come (1 workload)
├─ waiting for the leaves of the old issuer to end, until 2026-06-02T12:00:00Z
└─ ‼ shop/job/report cannot be restarted
      Let it end.
west  × not heard: the API server at west cannot be reached
`,
    );
  });

  test("knows terminals without UTF-8 and without colours", () => {
    const lines = drawn(rotation(), { env: { LANG: "C" } });
    assert.doesNotMatch(lines.join("\n"), /[^\n -~]/);
  });

  test("is never higher nor wider than the terminal, whatever is going on", () => {
    const state = rotation();
    for (let count = 0; count < 1000; count++) {
      const namespace = `ns-${count % 40}`;
      const moods: WorkloadState[] = ["stale", "rolling", "fresh", "failed", "person"];
      take(state, workload(`${namespace}/deploy/w-${count}`, moods[count % 5] ?? "stale", "a".repeat(200)));
    }
    for (let rows = 0; rows <= 60; rows++)
      for (const columns of [20, 41, 80, 200]) {
        const lines = drawn(state, { rows, columns, colour: "always" });
        assert.ok(lines.length <= rows, `${lines.length} lines in ${rows}`);
        for (const line of lines) assert.ok(widthOf(line) <= columns, line);
      }
  });

  test("says little when there is little room, and never nothing", () => {
    assert.deepEqual(drawn(rotation(), { rows: 4 }), [
      "rotate anchor 20260601-120000-ab12                                                               30s",
      "east  everybody learns to trust both anchors  ████░░░░░░░░ 3/9, about 1m00s left of this stage",
      "├─ √ emojivoto done (2 workloads)",
      "and 4 more lines",
    ]);
  });

  test("forgets a workload that is gone, a block that was removed, and trouble that is over", () => {
    const state = rotation();
    take(state, {
      kind: "workload",
      ...told(40),
      workload: "shop/deploy/cart",
      namespace: "shop",
      ready: 0,
      desired: 0,
    });
    take(state, { kind: "blocked", ...told(40), blocks: [] });
    take(state, { kind: "seen", at: at(40), cluster: "west" });
    const text = drawn(state).join("\n");
    assert.doesNotMatch(text, /cart|cannot be restarted|not heard/);
  });

  test("gives an estimate only when there is something to go by", () => {
    const state = newScreen(["east"]);
    take(state, looked(0, "overlapping", 0));
    take(state, looked(1, "overlapping", 5));
    assert.doesNotMatch(drawn(state, { seconds: 1 }).join("\n"), /left/);
    assert.match(drawn(state, { seconds: 10 }).join("\n"), /5\/9, about 8s left of this stage/);
    take(state, looked(20, "reissued", 0));
    assert.doesNotMatch(drawn(state, { seconds: 20 }).join("\n"), /left/);
  });
});

describe("lines that are redrawn in place", () => {
  test("go over their predecessors in one write, and blank nothing first", () => {
    const written: string[] = [];
    const live = liveLines({ isTTY: true, columns: 80, write: (text) => written.push(text) });
    live.show(["one", "two"]);
    live.show(["one", "two"]);
    live.show(["one", "three", "four"]);
    live.end();
    assert.equal(written.length, 3);
    assert.equal(stripVTControlCharacters(written[0] ?? ""), "one\ntwo\n");
    assert.ok(written[1]?.includes("\r\u001b[2Aone\u001b[K\nthree"));
    assert.ok(!written.join("").includes("\u001b[2J"));
    assert.ok(written[2]?.endsWith("\u001b[?25h"));
  });

  test("find back to their first line when the terminal was made narrower", () => {
    const written: string[] = [];
    const terminal = { isTTY: true, columns: 80, write: (text: string) => written.push(text) };
    const live = liveLines(terminal);
    live.show(["x".repeat(70), "two"]);
    terminal.columns = 40;
    live.show(["x".repeat(40), "two"]);
    assert.ok(written[1]?.includes("\r\u001b[3A"));
  });
});

describe("without a terminal", () => {
  test("a line is written for each change, with its time, and none for what only a screen shows", () => {
    const lines = [...happenings(), ended].flatMap((one) => plainLines(one, "anchor"));
    assert.equal(
      `\n${lines.join("\n")}\n`,
      `
2026-06-01T12:00:00Z east: overlapping: everybody learns to trust both anchors
2026-06-01T12:00:00Z east:   for the bundle holds both
2026-06-01T12:00:01Z east: writing the trust bundle: it lacks the incoming anchor
2026-06-01T12:00:02Z east: ConfigMap linkerd/linkerd-identity-trust-roots holds both (1s)
2026-06-01T12:00:10Z east: emojivoto/deploy/web is back, 2 of 2 pods, after 8s
2026-06-01T12:00:20Z east: shop/deploy/cart does not come back, 0 of 2 pods: ImagePullBackOff
2026-06-01T12:00:20Z east: shop/job/report is left to a person: ends by itself
2026-06-01T12:00:21Z east: waiting for the leaves of the old issuer to end, until 2026-06-02T12:00:00Z
2026-06-01T12:00:21Z east: needs a person: shop/job/report cannot be restarted
2026-06-01T12:00:21Z east:   Let it end.
2026-06-01T12:00:22Z west: not heard: the API server at west cannot be reached
2026-06-01T12:00:22Z west:   Check the network.
2026-06-01T12:10:00Z nothing has moved for 10 minutes
`,
    );
  });
});

describe("for machines", () => {
  test("every event is one line of JSON, with certificates by fingerprint and never as PEM", () => {
    for (const happening of [...happenings(), ended]) {
      const line = jsonEvent(happening);
      assert.doesNotMatch(line, /\n|BEGIN CERTIFICATE|"der"/);
      const event = JSON.parse(line);
      assert.deepEqual(
        [event.apiVersion, event.kind, event.type],
        ["linkerd-certs.io/v1", "RotationEvent", happening.kind],
      );
    }
    const begun = happenings().find(({ kind }) => kind === "step-begun");
    assert.ok(begun);
    assert.deepEqual(JSON.parse(jsonEvent(begun)).step.adds, [
      {
        name: "next",
        fingerprint: next?.fingerprint,
        notAfter: next?.notAfter.toISOString().replace(".000", ""),
      },
    ]);
  });
});

describe("a line that is too long", () => {
  test("is cut at its last column, and its colours end there", () => {
    assert.equal(fit("abcdef", 6), "abcdef");
    assert.equal(fit("abcdef", 4), "abc…");
    assert.equal(fit("\u001b[31mabcdef\u001b[39m", 4), "\u001b[31mabc…\u001b[0m");
    assert.equal(fit("√√√√", 3), "√√…");
  });
});

const ended: Happening = {
  kind: "ended",
  at: at(600),
  outcome: "not-in-time",
  message: "nothing has moved for 10 minutes",
  hint: "Mend it.",
  missing: ["shop/deploy/cart"],
};

function told(seconds: number, cluster = "east") {
  return { at: at(seconds), cluster };
}

function looked(seconds: number, stage: Stage, done: number): Happening {
  const numbers = { workloads: 9, proxies: 20, toRestart: 6 };
  return { kind: "looked", ...told(seconds), stage, progress: { done, of: 9 }, ...numbers };
}

function workload(id: string, state: WorkloadState, trouble?: string, seconds = 20): Happening {
  const [ready, desired] = state === "rolling" ? [1, 3] : state === "failed" ? [0, 2] : [2, 2];
  return {
    kind: "workload",
    ...told(seconds),
    workload: id,
    namespace: id.split("/")[0] ?? "",
    state,
    ready,
    desired,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function component(name: string, state: WorkloadState): Happening {
  const id = `linkerd/deploy/linkerd-${name}`;
  return { ...workload(id, state), component: name, ready: 1, desired: 2 } as Happening;
}

function happenings(): readonly Happening[] {
  assert.ok(old && next);
  const step = {
    kind: "write-bundle",
    anchors: [old, next],
    adds: [next],
    drops: [],
    why: "it lacks the incoming anchor",
  } as const;
  const sentence = "ConfigMap linkerd/linkerd-identity-trust-roots holds both";
  const [what, remedy] = ["shop/job/report cannot be restarted", "Let it end."];
  return [
    looked(0, "overlapping", 0),
    { kind: "stage", ...told(0), stage: "overlapping", evidence: ["the bundle holds both"] },
    { kind: "step-begun", ...told(1), id: 1, step },
    { kind: "step-done", ...told(2), id: 1, step, ms: 1000, sentence },
    component("identity", "fresh"),
    component("proxy-injector", "rolling"),
    { ...workload("emojivoto/deploy/web", "fresh", undefined, 10), ms: 8000 } as Happening,
    workload("emojivoto/deploy/vote", "fresh"),
    workload("shop/deploy/api", "fresh"),
    workload("shop/deploy/later", "stale"),
    workload("shop/sts/db", "rolling"),
    workload("shop/deploy/cart", "failed", "ImagePullBackOff"),
    workload("shop/job/report", "person", "ends by itself"),
    workload("web/deploy/a", "stale"),
    looked(20, "overlapping", 3),
    {
      kind: "waiting",
      ...told(21),
      waits: [
        { what: "shop/sts/db to be rolled out", workload: "shop/sts/db" },
        { what: "the leaves of the old issuer to end", until: new Date("2026-06-02T12:00:00Z") },
      ],
    },
    { kind: "blocked", ...told(21), blocks: [{ what, remedy, workload: "shop/job/report" }] },
    {
      kind: "unseen",
      ...told(22, "west"),
      message: "the API server at west cannot be reached",
      hint: "Check the network.",
    },
  ];
}

function rotation() {
  const state = newScreen(["east", "west"]);
  for (const happening of happenings()) take(state, happening);
  return state;
}

function drawn(
  state: ReturnType<typeof newScreen>,
  { rows = 40, columns = 100, seconds = 30, env = {}, colour = "never" as "never" | "always" } = {},
): readonly string[] {
  const terminal = { isTTY: true, columns, rows, write: () => {} };
  const style = styleOf(terminal, { LANG: "en_GB.UTF-8", ...env }, colour);
  return drawScreen(state, title, { now: at(seconds), style, words: wordsFor("anchor"), columns, rows });
}
