import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import { type Line, lineText } from "./journal-line.ts";
import { journalTail, type TailOptions } from "./journal-tail.ts";

/** Appends to one rotation's journal. */
export interface JournalWriter {
  /** Takes a line, to be written with others within seconds. Never throws, never waits. */
  append(line: Line): void;
  /** Writes all that was taken. Throws a Failure where it cannot. */
  flush(): Promise<void>;
  /** As flush, but says whether it succeeded. Takes nothing any more. */
  close(): Promise<boolean>;
  /** What keeps it from being written now. */
  readonly failure: Failure | undefined;
  /** How many requests it has made. */
  readonly requests: number;
}

export interface WriterOptions extends TailOptions {
  /** Lines are written together, this long after the first of them. */
  readonly gatherMs?: number;
}

/** What waits is bounded: an API server that is away for an hour must not cost memory without end. */
const mostWaiting = 20_000;
const gatherBytes = 64 * 1024;

/** Gathers lines, so that a thousand of them cost few writes. */
export function journalWriter(cluster: Cluster, options: WriterOptions): JournalWriter {
  const { gatherMs = 10_000 } = options;
  const tail = journalTail(cluster, options);
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let failure: Failure | undefined;
  let closed = false;

  return {
    append(line) {
      if (closed) return;
      if (waiting.length >= mostWaiting) waiting.shift();
      waiting.push(lineText(line));
      later();
    },
    flush,
    async close() {
      closed = true;
      clearTimeout(timer);
      return flush().then(
        () => true,
        () => false,
      );
    },
    get failure() {
      return failure;
    },
    get requests() {
      return tail.requests;
    },
  };

  async function flush(): Promise<void> {
    while (waiting.length > 0 || writing !== undefined) await write();
  }

  function later(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      write().catch(() => {
        if (!closed) later();
      });
    }, gatherMs).unref();
  }

  function write(): Promise<void> {
    writing ??= writeWaiting().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  async function writeWaiting(): Promise<void> {
    const taken = takeSome();
    if (taken.length === 0) return;
    try {
      await tail.append(taken.map((text) => `${text}\n`).join(""));
      failure = undefined;
    } catch (error) {
      tail.forget();
      waiting = [...taken, ...waiting];
      failure = error instanceof Failure ? error : new Failure("the journal is not written", "Try again.");
      throw failure;
    }
  }

  function takeSome(): string[] {
    let bytes = 0;
    const end = waiting.findIndex((text) => {
      bytes += Buffer.byteLength(text) + 1;
      return bytes > gatherBytes;
    });
    return waiting.splice(0, end < 0 ? waiting.length : Math.max(1, end));
  }
}
