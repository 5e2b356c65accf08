import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import type { Context } from "../../../cluster/rotation/perform/context.ts";
import { keepInStep } from "../../../cluster/rotation/perform/keep-in-step.ts";

describe("what the install remembers, where it cannot be kept in step", () => {
  async function warnings(
    patch: () => Promise<{ status: number; body: unknown }>,
  ): Promise<readonly string[]> {
    const told: string[] = [];
    const object = { metadata: { resourceVersion: "1" }, data: { values: "identityTrustAnchorsPEM: old" } };
    const request = async (method: string, path: string) => {
      if (method === "PATCH") return patch();
      return path.includes("/configmaps/") ? { status: 200, body: object } : { status: 404, body: undefined };
    };
    const context = {
      observer: { cluster: { request } },
      ...{ namespace: "linkerd", random: () => 0, signal: new AbortController().signal },
      warn: (message: string) => void told.push(message),
    } as unknown as Context; // nothing else of it is asked for
    await keepInStep({ anchors: "new" }, context);
    return told;
  }
  const config = "ConfigMap linkerd/linkerd-config is not kept in step";

  test("is nothing to tell where it is written", async () => {
    assert.deepEqual(await warnings(async () => ({ status: 200, body: {} })), []);
  });

  test("is told with what the API server says of it", async () => {
    const body = { message: "no changes on Fridays" };
    assert.deepEqual(await warnings(async () => ({ status: 422, body })), [
      `${config}: no changes on Fridays`,
    ]);
  });

  test("is told where we may not, and where somebody else writes it all the time", async () => {
    const forbidden = async () => {
      throw new Failure("you may not patch it", "Ask.", { status: 403 });
    };
    assert.deepEqual(await warnings(forbidden), [`${config}: you may not patch it`]);
    const conflict = async () => ({ status: 409, body: {} });
    assert.deepEqual(await warnings(conflict), [`${config}: somebody else writes it all the time`]);
  });

  test("stops where nobody knows us any more", async () => {
    const unknown = async () => {
      throw new Failure("who are you?", "Log in.", { status: 401 });
    };
    await assert.rejects(warnings(unknown), /who are you/);
  });
});
