import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { messageReader } from "../../cluster/wire/frames.ts";
import { anchor, leaf, type Minted } from "../certificates/index.ts";

export interface Kubelet {
  readonly port: number;
  /** The ports that were forwarded, as "namespace/pod:port". */
  readonly forwarded: readonly string[];
  stop(): void;
}

/** As much of a kubelet as port-forward needs: every port of a pod ("namespace/name") leads to what is opened for it. */
export async function startKubelet(open: (pod: string) => Duplex): Promise<Kubelet> {
  const own = anchor("kubelet");
  const certificate = leaf(own, { sans: ["dns:localhost"], ...forever });
  const forwarded: string[] = [];
  const server = createServer({ cert: certificate.pem, key: certificate.keyPem });
  server.on("upgrade", (request, connection: Duplex) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "https://kubelet");
    const port = Number(searchParams.get("port"));
    const pod = pathname.replace("/portForward/", "");
    forwarded.push(`${pod}:${port}`);
    const key = request.headers["sec-websocket-key"] ?? "";
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    connection.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n`,
    );
    pipe(connection, port, open(pod));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port, // an address, for it listens on TCP
    forwarded,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const forever = { notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2040-01-01T00:00:00Z") };

/** Every pod's ports lead to one port here. */
export const toPort = (port: number) => (): Duplex => connect(port, "127.0.0.1");

function pipe(connection: Duplex, port: number, socket: Duplex): void {
  const greeting = Buffer.alloc(2);
  greeting.writeUInt16LE(port);
  for (const channel of [0, 1]) connection.write(unmasked(Buffer.concat([Buffer.from([channel]), greeting])));
  socket.on("data", (bytes: Buffer) => {
    // In two frames, as a slow network would cut it.
    const half = bytes.length >> 1;
    for (const part of [bytes.subarray(0, half), bytes.subarray(half)])
      connection.write(unmasked(Buffer.concat([Buffer.from([0]), part])));
  });
  socket.on("error", ({ message }) => connection.write(unmasked(Buffer.from(`\u0001${message}`))));
  socket.on("close", () => connection.end());
  const read = messageReader();
  connection.on("data", (bytes: Buffer) => {
    for (const { opcode, payload } of unmask(bytes, read))
      if (opcode === 2) socket.write(payload.subarray(1));
  });
  connection.on("close", () => socket.destroy());
  connection.on("error", () => socket.destroy());
}

function unmasked(payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x82, length]), payload]);
  const head = Buffer.from([0x82, 126, length >> 8, length & 255]);
  return Buffer.concat([head, payload]);
}

/** A client's frames are masked; each chunk here holds whole ones. */
function unmask(bytes: Buffer, read: ReturnType<typeof messageReader>) {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : 4;
    const length = short < 126 ? short : bytes.readUInt16BE(at + 2);
    const mask = bytes.subarray(at + head, at + head + 4);
    const payload = bytes.subarray(at + head + 4, at + head + 4 + length);
    const plain = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
    const header = Buffer.from(bytes.subarray(at, at + head));
    header[1] = short;
    frames.push(header, plain);
    at += head + 4 + length;
  }
  return read(Buffer.concat(frames));
}

/** A proxy's port that serves this chain. */
export async function serveLeaf(chain: readonly Minted[], key: string) {
  const asked: string[] = [];
  const server = createTlsServer({
    cert: chain.map(({ pem }) => pem).join(""),
    key,
    minVersion: "TLSv1.3",
    SNICallback: (name, done) => {
      asked.push(name);
      done(null);
    },
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, asked, stop: () => server.close() };
}
