import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { patient } from "../../cluster/patient.ts";

const busy = new Failure("busy", "Wait.", { status: 429, retryAfterMs: 1 });

describe("a patient cluster", () => {
  test("asks again where the API server said when to come back, and gives the answer", async () => {
    const { cluster, asked } = failing(busy, 3);
    const answer = await patient(cluster, never).request("GET", "/");
    assert.deepEqual([answer.status, asked()], [200, 4]);
  });

  test("gives up after the tenth time, with the last refusal", async () => {
    const { cluster, asked } = failing(busy, 100);
    await assert.rejects(patient(cluster, never).request("GET", "/"), busy);
    assert.equal(asked(), 10);
  });

  test("asks once where nothing was said about coming back", async () => {
    const { cluster, asked } = failing(new Failure("broken", "Mend it.", { status: 500 }), 100);
    await assert.rejects(patient(cluster, never).request("GET", "/"), /broken/);
    assert.equal(asked(), 1);
  });

  test("does not ask again once it is interrupted", async () => {
    const { cluster, asked } = failing(busy, 100);
    await assert.rejects(patient(cluster, AbortSignal.abort()).request("GET", "/"), busy);
    assert.equal(asked(), 1);
  });
});

const never = new AbortController().signal;

/** Fails so often, and then answers. */
function failing(failure: Failure, times: number): { cluster: Cluster; asked: () => number } {
  let asked = 0;
  const request: Cluster["request"] = async () => {
    asked++;
    if (asked <= times) throw failure;
    return { status: 200, body: undefined };
  };
  return { cluster: { request } as Cluster, asked: () => asked }; // no other verb is asked here
}
