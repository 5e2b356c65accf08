import { randomBytes } from "node:crypto";

export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Message {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A WebSocket frame as a client writes it: whole, and masked (RFC 6455, 5.2). */
export function frame(opcode: number, payload: Buffer): Buffer {
  const length = payload.length;
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([head, mask, masked]);
}

/** Takes what a server sends, in any pieces, and gives the messages that are complete. */
export function messageReader(): (bytes: Buffer) => Message[] {
  let held = Buffer.alloc(0);
  let begun: Message | undefined;
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    const messages: Message[] = [];
    for (let one = take(held); one !== undefined; one = take(held)) {
      held = held.subarray(one.size);
      const whole =
        one.opcode === 0 && begun !== undefined
          ? { opcode: begun.opcode, payload: Buffer.concat([begun.payload, one.payload]) }
          : { opcode: one.opcode, payload: one.payload };
      if (one.final) messages.push(whole);
      // A ping may come between the frames of a message.
      if (one.opcode < opcodes.close) begun = one.final ? undefined : whole;
    }
    return messages;
  };
}

function take(bytes: Buffer) {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const from = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < from) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const size = from + length;
  if (bytes.length < size) return undefined;
  return { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload: bytes.subarray(from, size), size };
}
