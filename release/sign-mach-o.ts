import { createHash } from "node:crypto";

/**
 * A Mach-O program with an ad-hoc signature, which macOS wants on Apple's
 * processors before it runs anything. It says who nobody is: only that the
 * file is whole. The same that Go's and Apple's linkers write. Throws where
 * the file is no 64-bit Mach-O, is signed already, or has no room left.
 *
 * https://github.com/golang/go/blob/master/src/cmd/internal/codesign/codesign.go
 * https://opensource.apple.com/source/xnu/ osfmk/kern/cs_blobs.h
 */
export function signed(program: Buffer, identifier: string): Buffer {
  const layout = readLayout(program);
  const { commandsEnd, linkEdit, text } = layout;
  const start = align(program.length, 16);
  const size = signatureSize(start, identifier);
  const whole = Buffer.alloc(start + size);
  program.copy(whole);

  whole.writeUInt32LE(layout.count + 1, 16);
  whole.writeUInt32LE(layout.commandsSize + commandSize, 20);
  for (const [index, value] of [lcCodeSignature, commandSize, start, size].entries())
    whole.writeUInt32LE(value, commandsEnd + 4 * index);
  const covered = start + size - linkEdit.fileOffset;
  whole.writeBigUInt64LE(BigInt(align(covered, 0x4000)), linkEdit.at + 32);
  whole.writeBigUInt64LE(BigInt(covered), linkEdit.at + 48);

  writeSignature(whole, start, { identifier, text });
  return whole;
}

interface Segment {
  /** Where its load command stands. */
  readonly at: number;
  readonly fileOffset: number;
  readonly fileSize: number;
}

interface Layout {
  readonly count: number;
  readonly commandsSize: number;
  readonly commandsEnd: number;
  readonly text: Segment;
  readonly linkEdit: Segment;
}

const lcSegment64 = 0x19;
const lcCodeSignature = 0x1d;
const commandSize = 16;
const headerSize = 32;

function readLayout(program: Buffer): Layout {
  if (program.length < headerSize || program.readUInt32LE(0) !== 0xfeedfacf)
    throw new Error("not a 64-bit Mach-O program");
  const [count, commandsSize] = [program.readUInt32LE(16), program.readUInt32LE(20)];
  const segments = new Map<string, Segment>();
  let at = headerSize;
  let content = program.length;
  for (let index = 0; index < count; index++) {
    const command = program.readUInt32LE(at);
    if (command === lcCodeSignature) throw new Error("it is signed already");
    if (command === lcSegment64) {
      const name = program.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
      const [fileOffset, fileSize] = [number(program, at + 40), number(program, at + 48)];
      segments.set(name, { at, fileOffset, fileSize });
      content = Math.min(content, firstSection(program, at));
    }
    at += program.readUInt32LE(at + 4);
  }
  const [text, linkEdit] = [segments.get("__TEXT"), segments.get("__LINKEDIT")];
  if (text === undefined || linkEdit === undefined) throw new Error("it has no __TEXT or no __LINKEDIT");
  if (linkEdit.fileOffset + linkEdit.fileSize !== program.length)
    throw new Error("something stands behind __LINKEDIT");
  if (at + commandSize > content) throw new Error("there is no room for another load command");
  return { count, commandsSize, commandsEnd: at, text, linkEdit };
}

function firstSection(program: Buffer, segment: number): number {
  const sections = program.readUInt32LE(segment + 64);
  const offsets = Array.from({ length: sections }, (_, index) =>
    program.readUInt32LE(segment + 72 + 80 * index + 48),
  );
  return Math.min(...offsets.filter((offset) => offset > 0), program.length);
}

const number = (program: Buffer, at: number) => Number(program.readBigUInt64LE(at));
const align = (value: number, to: number) => Math.ceil(value / to) * to;

const pageBits = 12;
const hashSize = 32;
const indexSize = 12 + 8;
const directorySize = 88;

const pages = (covered: number) => Math.ceil(covered / 2 ** pageBits);
const signatureSize = (covered: number, identifier: string) =>
  indexSize + directorySize + identifier.length + 1 + hashSize * pages(covered);

/** A SuperBlob with nothing but a CodeDirectory: the SHA-256 of every page before it. Numbers are big-endian. */
function writeSignature(
  whole: Buffer,
  start: number,
  { identifier, text }: { readonly identifier: string; readonly text: Segment },
): void {
  const hashes = directorySize + identifier.length + 1;
  const length = hashes + hashSize * pages(start);
  const words = [
    ...[0xfade0cc0, indexSize + length, 1, 0, indexSize],
    // Version 2.4; ad hoc and by a linker, so that codesign may put another in its place.
    ...[0xfade0c02, length, 0x20400, 0x20002],
    ...[hashes, directorySize, 0, pages(start), start],
    // SHA-256 of pages of 4 KiB.
    (hashSize << 24) | (2 << 16) | pageBits,
    ...[0, 0, 0, 0],
  ];
  let at = start;
  for (const word of words) at = whole.writeUInt32BE(word, at);
  // codeLimit64, where __TEXT is, and that this is a main program.
  for (const long of [0, text.fileOffset, text.fileSize, 1]) at = whole.writeBigUInt64BE(BigInt(long), at);
  at += whole.write(`${identifier}\0`, at, "latin1");
  for (let page = 0; page < pages(start); page++) {
    const end = Math.min((page + 1) << pageBits, start);
    at += createHash("sha256")
      .update(whole.subarray(page << pageBits, end))
      .digest()
      .copy(whole, at);
  }
}
