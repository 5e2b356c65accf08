import assert from "node:assert/strict";
import { Agent, request } from "node:https";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type TLSSocket } from "node:tls";
import supertest from "supertest";
import { eventually } from "../cluster/eventually.ts";
import { review, serverConfig, serviceHost, type TestServer, testServer } from "./fixtures.ts";

const body = JSON.stringify(review());

/** One call over the agent's connections; resolves with whether the answer asks to leave the connection. */
function call(
  server: TestServer,
  agent: Agent,
): Promise<{ readonly status: number; readonly leave: boolean; readonly serial: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const options = {
      agent,
      headers,
      method: "POST",
      path: "/validate",
      port: server.port,
      host: "127.0.0.1",
    };
    const sent = request({ ...options, ca: server.ca, servername: serviceHost }, (response) => {
      // TLS it is, for the agent is one of https.
      const { serialNumber: serial } = (response.socket as TLSSocket).getPeerCertificate();
      const leave = response.headers.connection === "close";
      response.resume().on("end", () => resolve({ status: response.statusCode ?? 0, leave, serial }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("changing the certificate under open connections", () => {
  it("loses no call, and new connections get the new certificate", async (t) => {
    const server = await testServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    let failures = 0;
    let calls = 0;
    let stop = false;
    // A failed assertion must not leave the workers calling for ever.
    t.after(() => {
      stop = true;
    });
    const worker = async () => {
      while (!stop) {
        const { status } = await call(server, agent);
        calls++;
        if (status !== 200) failures++;
      }
    };
    const workers = Array.from({ length: 4 }, worker);
    for (let rotation = 0; rotation < 10; rotation++) {
      const rotated = await server.certificate.rotate();
      const { status, serial } = await call(server, new Agent({ maxCachedSessions: 0 }));
      assert.deepEqual([status, serial], [200, rotated]);
    }
    stop = true;
    await Promise.all(workers);
    assert.equal(failures, 0);
    assert.ok(calls > 10);
    agent.destroy();
    await server.close();
  });
});

describe("draining", () => {
  it("says so, goes on serving, asks clients to leave, and loses no call", async (t) => {
    // Long enough for all that is asked meanwhile, on a busy machine too.
    const server = await testServer({ config: { ...serverConfig, drainSeconds: 3 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let draining = false;
    let stop = false;
    // A failed assertion must not leave the workers calling for ever.
    t.after(() => {
      stop = true;
    });
    const failures: unknown[] = [];
    const left: boolean[] = [];
    const worker = async () => {
      while (!stop) {
        await call(server, agent).then(
          ({ leave }) => draining && left.push(leave),
          (error) => stop || failures.push(error),
        );
      }
    };
    const workers = Array.from({ length: 8 }, worker);
    await sleep(100);
    draining = true;
    let over = false;
    const drained = server.drain().then(() => {
      over = true;
    });
    const { status, text } = await supertest(`http://localhost:${server.metricsPort}`).get("/readyz");
    assert.deepEqual([status, text], [503, "not ready: it is shutting down\n"]);
    // Kubernetes has sent no new calls for a while when the time is over.
    await eventually("answers ask to leave", () => left.filter(Boolean).length >= 8);
    assert.equal(over, false);
    stop = true;
    await Promise.all(workers);
    await drained;
    assert.deepEqual(failures, []);
    await assert.rejects(call(server, agent), /ECONNREFUSED/);
    agent.destroy();
  });

  it("waits for a call in flight, and not for connections that ask nothing", async () => {
    const { promise, resolve: release } = Promise.withResolvers<void>();
    let asked = false;
    const server = await testServer({
      config: { ...serverConfig, drainSeconds: 0 },
      answer: async ({ uid }) => {
        asked = true;
        await promise;
        return { uid, allowed: true };
      },
    });
    const agent = new Agent({ keepAlive: true });
    const inFlight = call(server, agent);
    await eventually("it is asked", () => asked);
    const idle = connect({ port: server.port, host: "127.0.0.1", ca: server.ca, servername: serviceHost });
    await new Promise((resolve) => idle.once("secureConnect", resolve));
    const drained = server.drain();
    await sleep(50);
    release();
    assert.deepEqual((await inFlight).status, 200);
    await drained;
    agent.destroy();
  });
});
