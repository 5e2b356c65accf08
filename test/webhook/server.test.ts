import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import supertest from "supertest";
import type { Review } from "../../webhook/review/review.ts";
import { review, type TestServer, testServer, trustRoots } from "./fixtures.ts";

describe("the HTTPS port", () => {
  let server: TestServer;
  let seen: Review | undefined;
  let behave: (review: Review) => unknown = () => undefined;
  before(async () => {
    server = await testServer({
      answer: async (asked) => {
        seen = asked;
        const told = (await behave(asked)) as object | undefined;
        return { uid: asked.uid, allowed: true, ...told };
      },
    });
  });
  after(() => server.close());
  beforeEach(() => {
    behave = () => undefined;
  });
  const ask = () => supertest(`https://localhost:${server.port}`).post("/validate").ca(server.ca);

  it("answers a review with a review of the same uid", async () => {
    const { status, body, headers } = await ask().send(review());
    assert.equal(status, 200);
    assert.deepEqual(body, {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: "705ab4f5-6393-11e8-b7cc-42010a800002", allowed: true },
    });
    assert.match(String(headers["content-type"]), /^application\/json/);
    assert.equal(headers["x-powered-by"], undefined);
    assert.equal(seen?.kind, "ConfigMap");
    assert.deepEqual(seen?.object?.data, { "ca-bundle.crt": "new" });
    assert.ok(!("creationTimestamp" in (seen?.object?.metadata ?? {})), "a null is no time");
  });

  it("takes the name from the old object where the request has none, as in deletecollection", async () => {
    await ask().send(review({ operation: "DELETE", name: "", namespace: undefined, object: null }));
    assert.equal(seen?.name, "linkerd-identity-trust-roots");
    assert.equal(seen?.namespace, "linkerd");
    assert.equal(seen?.object, undefined);
    assert.ok(seen?.oldObject);
  });

  it("counts and logs a decision", async () => {
    behave = () => ({
      allowed: false,
      status: { code: 403, reason: "Forbidden", message: "first line\nsecond" },
    });
    const { body } = await ask().send(review({ dryRun: true }));
    assert.equal(body.response.allowed, false);
    const text = await server.metrics.text();
    assert.match(
      text,
      /admission_requests_total\{object="trust-roots",operation="UPDATE",decision="deny",dry_run="true"\} 1/,
    );
    assert.match(text, /admission_duration_seconds_count\{object="trust-roots"\} [1-9]/);
    assert.match(server.lines.at(-1) ?? "", /"decision":"deny".*"said":"first line","user":"alice"/);
  });

  it("refuses the write when it cannot judge, and tells nothing of why", async () => {
    for (const fail of [
      () => Promise.reject(new Error("inner words")),
      () => {
        throw new TypeError("inner words");
      },
    ]) {
      behave = fail;
      const { status, body, text } = await ask().send(review());
      assert.equal(status, 200);
      assert.deepEqual([body.response.allowed, body.response.status.code], [false, 500]);
      assert.doesNotMatch(text, /inner words|\.ts:|at /);
      assert.match(server.lines.join(""), /inner words/);
    }
  });

  it("refuses the write when the verdict comes too late for the API server", async () => {
    behave = () => new Promise(() => {});
    const { body } = await supertest(`https://localhost:${server.port}`)
      .post("/validate?timeout=0.05s")
      .ca(server.ca)
      .send(review());
    assert.deepEqual([body.response.allowed, body.response.status.code], [false, 500]);
  });

  const malformed: Readonly<Record<string, [unknown, number, RegExp]>> = {
    "another version": [{ ...review(), apiVersion: "admission.k8s.io/v1beta1" }, 400, /apiVersion/],
    "another kind of document": [{ apiVersion: "v1", kind: "Pod" }, 400, /AdmissionReview/],
    "no uid": [review({ uid: undefined }), 400, /uid/],
    "an empty uid": [review({ uid: "" }), 400, /uid/],
    "a list": [[review()], 400, /must be object/],
  };
  for (const [what, [body, code, words]] of Object.entries(malformed)) {
    it(`answers ${what} with a plain status`, async () => {
      const answer = await ask().send(body as object);
      assert.equal(answer.status, code);
      assert.equal(answer.body.kind, "Status");
      assert.match(answer.body.message, words);
    });
  }

  const unjudgeable: Readonly<Record<string, [Record<string, unknown>, number, RegExp]>> = {
    "another kind of object": [
      { kind: { group: "", version: "v1", kind: "Pod" } },
      400,
      /was sent another kind/,
    ],
    "a Secret of another group": [
      { kind: { group: "x.io", version: "v1", kind: "Secret" } },
      400,
      /another kind/,
    ],
    "a subresource": [{ subResource: "status" }, 400, /subresource/],
    "an unknown operation": [{ operation: "CONNECT" }, 400, /request.operation must be/],
    "data that is no text": [
      { object: { data: { "ca-bundle.crt": 1 } } },
      422,
      /request|object.data.ca-bundle.crt must be string/,
    ],
    "data that is a list": [{ object: { data: ["x"] } }, 422, /data must be object/],
    "an update to nothing": [{ object: null }, 422, /request.object is missing on UPDATE/],
    "a deletion of nothing": [
      { operation: "DELETE", oldObject: null },
      422,
      /request.oldObject is missing on DELETE/,
    ],
  };
  for (const [what, [change, code, words]] of Object.entries(unjudgeable)) {
    it(`refuses ${what} in a review, for there is a uid to answer`, async () => {
      const { status, body } = await ask().send(review(change));
      assert.equal(status, 200);
      assert.deepEqual([body.response.allowed, body.response.status.code], [false, code]);
      assert.match(body.response.status.message, words);
    });
  }

  it("answers what is not JSON, not declared as JSON, compressed or too large", async () => {
    const cases: [supertest.Test, number][] = [
      [ask().set("content-type", "application/json").send("{"), 400],
      [ask().set("content-type", "application/json"), 400],
      [ask().set("content-type", "text/plain").send("{}"), 415],
      [ask().set("content-type", "application/jsonx").send("{}"), 415],
      [ask().set("content-encoding", "gzip").send(review()), 415],
      [ask().send({ text: "x".repeat(8 * 1024 * 1024) }), 413],
    ];
    for (const [call, code] of cases) assert.equal((await call).status, code);
    assert.equal(
      (await ask().set("content-type", "application/json; charset=utf-8").send(review())).status,
      200,
    );
  });

  it("has nothing but POST /validate", async () => {
    const agent = supertest(`https://localhost:${server.port}`);
    const got = await agent.get("/validate").ca(server.ca);
    assert.deepEqual([got.status, got.headers["allow"]], [405, "POST"]);
    for (const path of ["/", "/metrics", "/healthz", "/validate/x", "/%", "//", "/validate%00"]) {
      const { status, text } = await agent.get(path).ca(server.ca);
      assert.ok(status === 404 || status === 400, `${path} answered ${status}`);
      assert.doesNotMatch(text, /node_modules|\.ts:/);
    }
  });

  it("has a certificate that is verified for the Service's name, not for another", async () => {
    const other = await testServer();
    await assert.rejects(async () => await ask().ca(other.ca).send(review()));
    await other.close();
  });

  it("takes the largest bundle that Kubernetes stores, old and new", async () => {
    const large = trustRoots("x".repeat(1024 * 1024 - 100));
    const { body } = await ask().send(review({ object: large, oldObject: large }));
    assert.equal(body.response.allowed, true);
  });
});
