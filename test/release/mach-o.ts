import { createHash } from "node:crypto";

const lcSegment64 = 0x19;
const lcCodeSignature = 0x1d;

interface Command {
  readonly at: number;
  readonly kind: number;
}

/** What a signature says of a program, read without the code that wrote it. */
export function readSignature(program: Buffer): { identifier: string; wrongPages: number[] } {
  const command = commands(program).find(({ kind }) => kind === lcCodeSignature);
  if (command === undefined) throw new Error("it has no signature");
  const directory = program.readUInt32LE(command.at + 8) + 20;
  const [hashes, name] = [16, 20].map((at) => program.readUInt32BE(directory + at)) as [number, number]; // two
  const [count, limit] = [28, 32].map((at) => program.readUInt32BE(directory + at)) as [number, number]; // two
  const identifier = program.subarray(directory + name, program.indexOf(0, directory + name));
  const pages = Array.from({ length: count }, (_, page) => page);
  const wrongPages = pages.filter((page) => {
    const content = program.subarray(page * 4096, Math.min((page + 1) * 4096, limit));
    const at = directory + hashes + page * 32;
    return !createHash("sha256")
      .update(content)
      .digest()
      .equals(program.subarray(at, at + 32));
  });
  return { identifier: identifier.toString("latin1"), wrongPages };
}

/** A program whose last load command is its signature, without it. */
export function unsigned(program: Buffer): Buffer {
  const all = commands(program);
  const last = all.at(-1);
  if (last?.kind !== lcCodeSignature) throw new Error("its last command is no signature");
  const start = program.readUInt32LE(last.at + 8);
  const bare = Buffer.from(program.subarray(0, start));
  bare.fill(0, last.at, last.at + 16);
  bare.writeUInt32LE(all.length - 1, 16);
  bare.writeUInt32LE(program.readUInt32LE(20) - 16, 20);
  const linkEdit = linkEditOf(program);
  const offset = Number(program.readBigUInt64LE(linkEdit + 40));
  bare.writeBigUInt64LE(BigInt(start - offset), linkEdit + 48);
  return bare;
}

/** With nothing where the size of __LINKEDIT in memory stands, nor where the hash of that page does. */
export function withoutPageCount(program: Buffer): Buffer {
  const bare = Buffer.from(program);
  const at = linkEditOf(program) + 32;
  bare.fill(0, at, at + 8);
  const command = commands(program).find(({ kind }) => kind === lcCodeSignature);
  const directory = program.readUInt32LE((command?.at ?? 0) + 8) + 20;
  const hash = directory + program.readUInt32BE(directory + 16);
  return bare.fill(0, hash, hash + 32);
}

function linkEditOf(program: Buffer): number {
  const found = commands(program).find(
    ({ at, kind }) => kind === lcSegment64 && program.toString("latin1", at + 8, at + 18) === "__LINKEDIT",
  );
  if (found === undefined) throw new Error("it has no __LINKEDIT");
  return found.at;
}

function commands(program: Buffer): Command[] {
  const found: Command[] = [];
  let at = 32;
  for (let index = 0; index < program.readUInt32LE(16); index++) {
    found.push({ at, kind: program.readUInt32LE(at) });
    at += program.readUInt32LE(at + 4);
  }
  return found;
}
