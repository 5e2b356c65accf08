import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { styleOf } from "../../../plugin/render/colour.ts";
import type { WorkloadState } from "../../../plugin/rotate/progress.ts";
import { drawScreen } from "../../../plugin/rotate/screen/draw.ts";
import { fit, widthOf } from "../../../plugin/rotate/screen/fit.ts";
import { liveLines } from "../../../plugin/rotate/screen/live.ts";
import { newScreen, take } from "../../../plugin/rotate/screen/state.ts";
import { wordsFor } from "../../../plugin/rotate/screen/words.ts";
import { at, happenings, looked, told, workload } from "./shown.ts";

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

describe("a line that is too long", () => {
  test("is cut at its last column, and its colours end there", () => {
    assert.equal(fit("abcdef", 6), "abcdef");
    assert.equal(fit("abcdef", 4), "abc…");
    assert.equal(fit("\u001b[31mabcdef\u001b[39m", 4), "\u001b[31mabc…\u001b[0m");
    assert.equal(fit("√√√√", 3), "√√…");
  });
});

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
