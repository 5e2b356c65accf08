import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { deadline } from "../../cluster/deadline.ts";

describe("a deadline", () => {
  test("aborts with a TimeoutError when its time is over, and not sooner", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { signal } = deadline(100);
    t.mock.timers.tick(99);
    assert.equal(signal.aborted, false);
    t.mock.timers.tick(1);
    assert.equal(signal.reason.name, "TimeoutError");
  });

  test("may be put off, and for ever", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { signal, restart } = deadline(100);
    t.mock.timers.tick(99);
    restart(100);
    t.mock.timers.tick(99);
    restart(undefined);
    t.mock.timers.tick(1_000_000);
    assert.equal(signal.aborted, false);
  });

  test("aborts with the outer signal, also when that was first", () => {
    const outer = new AbortController();
    const during = deadline(undefined, outer.signal);
    outer.abort("stop");
    assert.equal(during.signal.reason, "stop");
    assert.equal(deadline(undefined, outer.signal).signal.reason, "stop");
  });

  test("leaves nothing behind with an outer signal that lives on", () => {
    const outer = new AbortController();
    deadline(1_000_000, outer.signal).end();
    assert.equal(getEventListeners(outer.signal, "abort").length, 0);
  });
});
