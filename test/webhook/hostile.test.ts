import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { after, before, describe, it } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import fc from "fast-check";
import supertest from "supertest";
import { withinBounds } from "../../webhook/review/bounds.ts";
import { parseReview } from "../../webhook/review/review.ts";
import { eventually } from "../cluster/eventually.ts";
import { review, serverConfig, serviceHost, type TestServer, testServer } from "./fixtures.ts";

describe("hostile input", () => {
  let server: TestServer;
  before(async () => {
    server = await testServer({ config: { ...serverConfig, bodyLimitBytes: 100_000 } });
  });
  after(() => server.close());

  const serves = async ({ port, ca } = server) => {
    const answer = await supertest(`https://localhost:${port}`).post("/validate").ca(ca).send(review());
    assert.deepEqual([answer.status, answer.body.response.allowed], [200, true]);
  };
  const open = async ({ port, ca } = server): Promise<TLSSocket> => {
    const socket = connect({ port, host: "127.0.0.1", ca, servername: serviceHost });
    socket.on("error", () => {});
    await once(socket, "secureConnect");
    return socket;
  };
  const head = (length: number) =>
    `POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
  const ended = async (socket: TLSSocket) => {
    socket.resume();
    if (!socket.closed) await once(socket, "close");
  };

  it("as bytes of any kind is refused, and never thrown over", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 4096 }),
        (bytes) => "malformed" in parseReview(Buffer.from(bytes)),
      ),
      { numRuns: 2000 },
    );
  });

  it("as JSON of any kind, and as reviews with anything in any field, is never thrown over", () => {
    const anywhere = fc.record({
      request: fc.dictionary(fc.constantFrom(...Object.keys(review()["request"] ?? {})), fc.jsonValue()),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anywhere), (value) => {
        const whole =
          typeof value === "object" && value !== null && "request" in value
            ? review(value.request as Record<string, unknown>)
            : value;
        parseReview(Buffer.from(JSON.stringify(whole)));
      }),
      { numRuns: 5000 },
    );
  });

  it("as __proto__ and its like stays data", () => {
    const text = JSON.stringify(review()).replace('"data":{', '"data":{"__proto__":"x","constructor":"y",');
    const read = parseReview(Buffer.from(text));
    assert.ok(!("malformed" in read) && read.object?.data);
    assert.deepEqual(Object.keys(read.object.data).sort(), ["__proto__", "ca-bundle.crt", "constructor"]);
    assert.equal(({} as Record<string, unknown>)["x"], undefined);
    const polluting = parseReview(
      Buffer.from('{"__proto__":{"uid":"x"},"constructor":{"prototype":{"uid":"x"}}}'),
    );
    assert.ok("malformed" in polluting);
  });

  it("as deep or as many brackets as fit into seven megabytes is refused before anything is made of it", (t) => {
    const parse = t.mock.method(JSON, "parse");
    for (const text of [
      "[".repeat(7e6),
      `${"[".repeat(3e6)}${"]".repeat(3e6)}`,
      `[${"{},".repeat(2e6)}1]`,
      '{"a":'.repeat(1e6),
    ]) {
      assert.ok("malformed" in parseReview(Buffer.from(text)));
    }
    assert.equal(parse.mock.callCount(), 0);
  });

  it("as brackets is counted up to a bound, and what stands in texts is not", () => {
    const lists = (count: number) => Buffer.from(`[${"[],".repeat(count - 2)}[]]`);
    assert.deepEqual([200_000, 200_001].map(lists).map(withinBounds), [true, false]);
    const nested = (depth: number) => Buffer.from("[".repeat(depth) + "]".repeat(depth) + " ".repeat(70_000));
    assert.deepEqual([200, 201].map(nested).map(withinBounds), [true, false]);
    assert.ok(withinBounds(Buffer.from(JSON.stringify(`\\"${"[".repeat(300_000)}`))));
  });

  it("as invalid UTF-8 is refused rather than repaired", () => {
    const bytes = Buffer.from(JSON.stringify(review()));
    bytes[bytes.indexOf("new")] = 0xff;
    assert.ok("malformed" in parseReview(bytes));
  });

  it("as a body that comes too slowly, or never, is cut off", async (t) => {
    // Only here: what the other tests send would be cut off, too, where the machine is busy for half a second.
    const impatient = await testServer({ config: { ...serverConfig, requestTimeoutMs: 500 } });
    t.after(() => impatient.close());
    const sockets = await Promise.all(Array.from({ length: 20 }, () => open(impatient)));
    for (const [index, socket] of sockets.entries()) {
      if (index % 3 === 0) socket.write(`${head(1000)}{`);
      else if (index % 3 === 1) socket.write("POST /validate HTTP/1.1\r\nx-slow: ");
    }
    await Promise.all(sockets.map(ended));
    await serves(impatient);
  });

  it("as a connection that is half closed or cut in the middle harms nothing", async () => {
    const half = await open();
    half.end(`${head(1000)}{"apiVersion":`);
    await ended(half);
    const cut = await open();
    cut.write(`${head(1000)}{"apiVersion":`, () => cut.destroy());
    await eventually("nothing is in flight", async () =>
      (await server.metrics.text()).includes("linkerd_certs_admission_requests_in_flight 0"),
    );
    assert.match(await server.metrics.text(), /malformed_requests_total\{reason="aborted"\} [1-9]/);
    await serves();
  });

  it("as bytes that are no TLS, or no HTTP, harms nothing", async () => {
    for (let round = 0; round < 20; round++) {
      const plain = connectPlain(server.port, "127.0.0.1").on("error", () => {});
      plain.end(randomBytes(300));
      plain.resume();
      await once(plain, "close");
      const socket = await open();
      socket.end(randomBytes(300));
      await ended(socket);
    }
    assert.match(await server.metrics.text(), /tls_handshake_errors_total [1-9]/);
    await serves();
  });

  it("as a body beyond the limit, announced or not, is answered with 413 and not kept", async () => {
    for (const framing of ["content-length: 5000000", "transfer-encoding: chunked"]) {
      const socket = await open();
      socket.write(
        `POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`,
      );
      const chunk = Buffer.alloc(100_000, 0x20);
      for (let i = 0; i < 50; i++) {
        if (framing.startsWith("t")) socket.write("186a0\r\n");
        socket.write(chunk);
        if (framing.startsWith("t")) socket.write("\r\n");
      }
      if (framing.startsWith("t")) socket.write("0\r\n\r\n");
      const [answer] = (await once(socket, "data")) as [Buffer];
      assert.match(answer.toString(), /^HTTP\/1\.1 413 /);
      socket.destroy();
    }
    await serves();
  });

  it("as a body announced as terabytes is answered at once", async () => {
    const socket = await open();
    socket.write(head(1e13));
    const [answer] = (await once(socket, "data")) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 413 [\s\S]*connection: close/i);
    await ended(socket);
  });

  it("as many large bodies at once is answered with 503 beyond a sum, and the memory is given back", async () => {
    const sockets = await Promise.all(Array.from({ length: 8 }, () => open()));
    for (const socket of sockets) socket.write(head(99_000) + " ".repeat(90_000));
    const answers = sockets.map(async (socket) => ((await once(socket, "data")) as [Buffer])[0].toString());
    await eventually("all are being read", async () =>
      (await server.metrics.text()).includes("requests_in_flight 8"),
    );
    for (const socket of sockets) socket.write(" ".repeat(9000));
    const codes = (await Promise.all(answers)).map((answer) => answer.slice(9, 12)).sort();
    assert.deepEqual([codes.includes("400"), codes.includes("503")], [true, true]);
    for (const socket of sockets) socket.destroy();
    await serves();
  });

  it("as large headers is refused", async () => {
    const socket = await open();
    socket.write(`POST /validate HTTP/1.1\r\nx: ${"y".repeat(40_000)}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 431 /);
    socket.destroy();
    await serves();
  });
});
