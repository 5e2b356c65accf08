import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import type { Context } from "../../../cluster/rotation/perform/context.ts";
import { ownWord, passing } from "../../../cluster/rotation/perform/insist.ts";
import { writeIssuer } from "../../../cluster/rotation/perform/write-issuer.ts";
import { view } from "../../trust/rotation/views.ts";

function context(issuer: () => Promise<never>): Context {
  const cluster = { request: async () => ({ status: 404, body: undefined }) };
  const sources = () => ({});
  const { issuer: _, ...bare } = view();
  const some = { observer: { cluster, sources }, namespace: "linkerd", view: bare, issuer, dryRun: false };
  return { ...some, signal: new AbortController().signal, random: () => 0 } as unknown as Context; // as much as is asked
}

describe("an issuer that cannot be had", () => {
  test("is told at once, for no waiting brings it", async () => {
    const gone = new Failure("east does not keep the issuer before any more", "Give one of the old anchor.");
    const outcome = await writeIssuer(context(() => Promise.reject(gone)));
    assert.deepEqual(outcome, { outcome: "refused", message: gone.message, hint: gone.hint });
  });

  test("is tried again where the API server only could not be asked for it", async () => {
    const away = new Failure("the API server cannot be reached", "Try again.", {
      cause: new Error("ECONNRESET"),
    });
    await assert.rejects(writeIssuer(context(() => Promise.reject(away))), away);
    assert.ok(passing(away));
    assert.ok(!ownWord(new Failure("busy", "Try again.", { status: 429 })));
  });
});
