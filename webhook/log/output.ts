import { writeSync } from "node:fs";

/** Where log lines go. Never throws. */
export interface Output {
  write(line: string): void;
}

/** Writes bytes at once, returns how many were taken, throws as fs.writeSync does. */
export type WriteBytes = (bytes: Uint8Array) => number;

const mostWaiting = 1024 * 1024;

/**
 * Standard output, written at once so that no line is lost when the process
 * ends. A guard must outlive its log: a reader that is gone (EPIPE) or a full
 * disk (ENOSPC) costs lines, which are counted, and never the process. When a
 * pipe is full (EAGAIN), lines wait for the next one, up to a mebibyte.
 */
export function standardOutput(write: WriteBytes = (bytes) => writeSync(1, bytes)): Output {
  let waiting: Buffer[] = [];
  let size = 0;
  let lost = 0;

  const flush = (): void => {
    while (true) {
      const [first, ...rest] = waiting;
      if (first === undefined) return;
      const taken = write(first);
      size -= taken;
      waiting = taken < first.length ? [first.subarray(taken), ...rest] : rest;
    }
  };

  return {
    write(line) {
      const note = lost > 0 ? `{"level":"warn","msg":"${lost} log lines were lost"}\n` : "";
      const bytes = Buffer.from(note + line);
      if (size + bytes.length > mostWaiting) {
        lost++;
        return;
      }
      const before = lost;
      waiting.push(bytes);
      size += bytes.length;
      lost = 0;
      try {
        flush();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return;
        lost = before + waiting.length;
        waiting = [];
        size = 0;
      }
    },
  };
}
