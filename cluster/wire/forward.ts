import { Duplex } from "node:stream";
import { Failure } from "../failure.ts";
import { frame, type Message, messageReader, opcodes } from "./frames.ts";

/** The API server's old WebSocket protocol of port-forward: every message begins with its channel. */
export const forwardProtocol = "v4.channel.k8s.io";

const channels = { data: 0, error: 1 } as const;

/** One forwarded port as a stream of bytes, over a connection that has become a WebSocket. */
export function forwardedPort(connection: Duplex, already: Buffer): Duplex {
  const read = messageReader();
  // The first message of each channel is the port's number, two bytes.
  const greeted = new Set<number>();
  const port = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      connection.write(frame(opcodes.binary, Buffer.concat([Buffer.from([channels.data]), chunk])), done);
    },
    final: (done) => {
      connection.end(frame(opcodes.close, Buffer.alloc(0)), done);
    },
    destroy: (error, done) => {
      connection.destroy();
      done(error);
    },
  });
  const receive = (bytes: Buffer) => {
    for (const message of read(bytes)) take(message);
  };
  connection.on("data", receive);
  connection.on("end", () => port.push(null));
  connection.on("error", (error) => port.destroy(error));
  connection.on("close", () => port.destroy());
  if (already.length > 0) receive(already);
  return port;

  function take({ opcode, payload }: Message): void {
    if (opcode === opcodes.ping) connection.write(frame(opcodes.pong, payload));
    else if (opcode === opcodes.close) port.push(null);
    else if (opcode === opcodes.binary || opcode === opcodes.text) onChannel(payload);
  }

  function onChannel(payload: Buffer): void {
    const [channel = -1] = payload;
    if (!greeted.has(channel)) {
      greeted.add(channel);
      return;
    }
    const content = payload.subarray(1);
    if (channel === channels.data) port.push(content);
    else if (channel === channels.error && content.length > 0)
      port.destroy(new Failure(`the port-forward failed: ${content.toString("utf8").trim()}`, checkPod));
  }
}

const checkPod = "Check that the pod runs and that something listens on the port.";
