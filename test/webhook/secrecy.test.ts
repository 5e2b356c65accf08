import assert from "node:assert/strict";
import { describe, it } from "node:test";
import supertest from "supertest";
import { createLog } from "../../webhook/log/log.ts";
import { standardOutput } from "../../webhook/log/output.ts";
import { eventually } from "../cluster/eventually.ts";
import { certificateConfig, clock, review, testLog, testServer } from "./fixtures.ts";
import { start } from "./lifecycle.ts";
import { memoryApi } from "./memory-api.ts";

const marker = "MHcCAQEEIMarkerMarkerMarkerMarkerMarkerMarkerMarker";
const pem = `-----BEGIN EC PRIVATE KEY-----\n${marker}\n-----END EC PRIVATE KEY-----\n`;
const encoded = (text: string) => Buffer.from(text).toString("base64");
const secret = {
  metadata: { name: "linkerd-identity-issuer", namespace: "linkerd", annotations: { note: pem } },
  type: "kubernetes.io/tls",
  data: { "tls.key": encoded(pem), raw: encoded(`\n${pem}`) },
  stringData: { "tls.key": pem },
};
const kind = { group: "", version: "v1", kind: "Secret" };

describe("a private key in a request", () => {
  it("appears in no answer, no log line at any level and no metric, whatever happens to the request", async () => {
    const server = await testServer({
      answer: (asked) => {
        // The worst that a bug could do: throw everything it knows.
        throw Object.assign(new Error(`cannot judge ${JSON.stringify(asked)}`), {
          asked,
          body: asked.object,
        });
      },
    });
    const whole = review({ kind, name: "linkerd-identity-issuer", object: secret, oldObject: secret });
    const text = JSON.stringify(whole);
    const bodies = [
      text,
      text.slice(0, -5),
      text.replace('"request"', "request"),
      JSON.stringify(review({ kind, object: { ...secret, data: { [encoded(pem)]: 1 } } })),
      JSON.stringify(review({ kind: { ...kind, kind: pem }, object: secret })),
      JSON.stringify({ ...whole, apiVersion: pem }),
      JSON.stringify(review({ kind, uid: undefined, object: secret })),
      JSON.stringify(review({ kind, object: secret, userInfo: { username: pem } })),
      pem,
    ];
    let said = "";
    for (const body of bodies) {
      const call = supertest(`https://localhost:${server.port}`).post("/validate").ca(server.ca);
      const answer = await call.set("content-type", "application/json").send(body);
      said += JSON.stringify([answer.text, answer.headers]);
    }
    const all = said + server.lines.join("") + (await server.metrics.text());
    await server.close();
    assert.ok(server.lines.length >= bodies.length);
    for (const form of [marker, encoded(pem), encoded(`\n${pem}`), encoded(marker).slice(4, -4)]) {
      assert.ok(!all.includes(form), `${form} was printed`);
    }
  });

  it("appears in no log line, however it is given to the log", () => {
    const { log, lines } = testLog();
    const deep = { a: { b: [{ request: { object: secret, oldObject: secret } }] } };
    log.error(
      { deep, body: Buffer.from(pem), text: pem, error: new Error(pem, { cause: new Error(pem) }) },
      pem,
    );
    log.info(
      { data: marker, binaryData: marker, stringData: marker, object: marker, oldObject: marker },
      "named",
    );
    log.info({ [pem]: pem, list: [pem, encoded(pem), `x${encoded(`xx${pem}`)}`] }, encoded(pem));
    log.info(
      { error: Object.assign(new Error("plain"), { response: { body: secret }, data: secret }) },
      "hung on",
    );
    const circular: Record<string, unknown> = { secret };
    circular["self"] = circular;
    log.info(circular, "circular");
    log.info({ toJSON: () => secret, nested: { toJSON: () => secret } }, "converted");
    assert.equal(lines.length, 6);
    for (const line of lines) assert.ok(JSON.parse(line).time, "a line is JSON");
    assert.doesNotMatch(lines.join(""), new RegExp(`${marker}|${encoded(marker).slice(4, -4)}|LS0tLS1CRUdJ`));
  });

  it("appears in no log line while the guard makes keys of its own", async () => {
    const api = memoryApi();
    const { log, lines } = testLog();
    const replica = start(api, certificateConfig, clock, log);
    await eventually("it is ready", () => replica.certificate.problems().length === 0);
    api.setData({ "ca.key": pem, "ca.crt": pem });
    await eventually("it is filled anew", () => api.data()["ca.crt"] !== pem);
    await replica.certificate.stop();
    assert.ok(lines.length >= 3);
    assert.doesNotMatch(lines.join(""), new RegExp(`${marker}|PRIVATE|BEGIN|MHcCA|MIGH`));
  });
});

describe("the log", () => {
  it("outlives a reader that is gone and a disk that is full, and says what was lost", () => {
    let code: string | undefined = "EPIPE";
    let written = "";
    const output = standardOutput((bytes) => {
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      written += Buffer.from(bytes).toString();
      return bytes.length;
    });
    const log = createLog({ level: "info", clock, output });
    log.info({}, "one");
    code = "ENOSPC";
    log.info({}, "two");
    code = undefined;
    log.info({}, "three");
    log.info({}, "four");
    assert.deepEqual(
      written
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).msg),
      ["2 log lines were lost", "three", "four"],
    );
  });

  it("keeps lines while a pipe is full, in order and whole, up to a mebibyte", () => {
    let room = 0;
    const taken: string[] = [];
    const output = standardOutput((bytes) => {
      if (room === 0) throw Object.assign(new Error("full"), { code: "EAGAIN" });
      const size = Math.min(room, bytes.length);
      room -= size;
      taken.push(Buffer.from(bytes.subarray(0, size)).toString());
      return size;
    });
    for (const line of ["one\n", "two\n"]) output.write(line);
    room = 6;
    output.write("three\n");
    assert.equal(taken.join(""), "one\ntw");
    room = 1e9;
    output.write("four\n");
    assert.equal(taken.join(""), "one\ntwo\nthree\nfour\n");
    room = 0;
    for (let i = 0; i < 3000; i++) output.write(`${"x".repeat(1000)}\n`);
    room = 1e9;
    output.write("last\n");
    assert.match(taken.join(""), /\d+ log lines were lost[^\n]*\nlast\n$/);
  });

  it("respects its level", () => {
    const lines: string[] = [];
    const log = createLog({ level: "warn", clock, output: { write: (line) => void lines.push(line) } });
    log.info({}, "no");
    log.warn({}, "yes");
    assert.equal(lines.length, 1);
  });
});
