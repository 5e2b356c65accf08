import assert from "node:assert/strict";
import { describe, it } from "node:test";
import supertest from "supertest";
import { review, testServer } from "./fixtures.ts";

describe("the plain port", () => {
  it("tells liveness, readiness with its reasons, and the metrics", async () => {
    let reasons: string[] = ["the trust bundle was not read yet", "the issuer was not read yet"];
    const server = await testServer({ ready: () => ({ ready: reasons.length === 0, reasons }) });
    const agent = supertest(`http://localhost:${server.metricsPort}`);
    assert.equal((await agent.get("/healthz")).text, "ok\n");
    const unready = await agent.get("/readyz");
    assert.equal(unready.status, 503);
    assert.equal(
      unready.text,
      "not ready: the trust bundle was not read yet\nnot ready: the issuer was not read yet\n",
    );
    reasons = [];
    assert.deepEqual([(await agent.get("/readyz")).status, (await agent.head("/readyz")).status], [200, 200]);
    const metrics = await agent.get("/metrics");
    assert.match(String(metrics.headers["content-type"]), /text\/plain; version=0\.0\.4/);
    assert.match(
      metrics.text,
      /linkerd_certs_build_info\{version="test",node="v\d+[^"]*",commit="0123456789ab"\} 1/,
    );
    assert.match(metrics.text, /linkerd_certs_admission_denials_total\{rule="bundle-present"\} 0/);
    assert.equal((await agent.post("/validate").send(review())).status, 404);
    await server.close();
  });

  it("is not ready while the serving certificate is not", async () => {
    const certificate = { onChange: () => {}, problems: () => ["the serving certificate has expired"] };
    const server = await testServer({ certificate });
    const { status, text } = await supertest(`http://localhost:${server.metricsPort}`).get("/readyz");
    assert.deepEqual([status, text], [503, "not ready: the serving certificate has expired\n"]);
    await server.close();
  });

  it("does not start on a port that is taken, and leaves the other one free", async () => {
    const first = await testServer();
    const config = {
      port: 0,
      metricsPort: first.metricsPort,
      bodyLimitBytes: 1e6,
      requestTimeoutMs: 1000,
      drainSeconds: 0,
    };
    await assert.rejects(testServer({ config }), /EADDRINUSE/);
    await first.close();
  });
});
