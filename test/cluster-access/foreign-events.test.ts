// Whoever may write Events in a namespace says what is in them, and it ends on terminals.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Cluster } from "../../cluster/connect.ts";
import { watchTroubles } from "../../cluster/rotation/observe/troubles.ts";
import { identityEventOf } from "../../trust/gather/identity-event.ts";

const evil = `\u001b[2J\u009b31mnot\n\u202ewell\u2028\u200b ${"!".repeat(400)}`;
const said = `[2J 31mnot well ${"!".repeat(400)}`;
const at = "2026-06-01T12:00:00Z";

describe("somebody else's Event", () => {
  test("of identity is one line that moves, hides and turns nothing", () => {
    const event = identityEventOf({ reason: "IssuerUpdateSkipped", message: evil, firstTimestamp: at });
    assert.equal(event?.message, `${said.slice(0, 300)}…`);
  });

  test("of a workload that does not come up is so too", async () => {
    const object = { reason: "Back\u2066Off", message: evil, involvedObject: { name: "web-1" } };
    const list: Cluster["list"] = async (_path, { each }) => {
      each(object);
      return { resourceVersion: "1" };
    };
    const cluster = { list } as unknown as Cluster; // nothing else is asked of it
    const heard = Promise.withResolvers<void>();
    const troubles = watchTroubles(cluster, new AbortController().signal, heard.resolve);
    for (const seconds of [0, 10])
      troubles.look(["shop/deploy/web"], new Date(Date.parse(at) + seconds * 1000));
    await heard.promise;
    assert.equal(troubles.known.get("shop/deploy/web"), `Back Off: ${said}`.slice(0, 300).concat("…"));
  });
});
