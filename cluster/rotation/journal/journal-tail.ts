import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import { openingText } from "./journal.ts";
import {
  journalName,
  journalObject,
  journalsPath,
  lineKey,
  numbersIn,
  type Opening,
  openingKey,
  partLimit,
  readPart,
} from "./journal-object.ts";

/** The end of a journal, where the next lines go. */
export interface Tail {
  /** Adds the text as one more key, behind whatever others have added. Throws a Failure where it cannot. */
  append(text: string): Promise<void>;
  /** What is known of the end is forgotten: after a failure nobody knows what was written. */
  forget(): void;
  /** How many requests it has made. */
  readonly requests: number;
}

export interface TailOptions {
  readonly namespace: string;
  /** To make the journal anew if somebody removes it. */
  readonly opening: Opening;
  readonly timeoutMs?: number;
}

interface End {
  readonly part: number;
  readonly resourceVersion: string;
  readonly next: number;
  readonly bytes: number;
}

/** Append-only: every write adds one key, on top of what was seen last, so two writers never overwrite one another. */
export function journalTail(cluster: Cluster, options: TailOptions): Tail {
  const { namespace, opening, timeoutMs = 10_000 } = options;
  const { id } = opening;
  const query = { fieldManager: "linkerd-certs" };
  let end: End | undefined;
  let requests = 0;

  return {
    async append(text) {
      for (let attempt = 0; attempt < 10; attempt++) {
        end ??= await find();
        const { status, after } = await put(end, text);
        end = after;
        if (after !== undefined) return;
        // 409: somebody else has written; 404: removed. Either way, look again.
        if (status !== 409 && status !== 404) throw refused(status);
      }
      throw new Failure("others write the rotation's journal all the time", "Try again.");
    },
    forget() {
      end = undefined;
    },
    get requests() {
      return requests;
    },
  };

  async function put(at: End, text: string): Promise<{ status: number; after: End | undefined }> {
    const size = Buffer.byteLength(text);
    const data = { [lineKey(at.next)]: text };
    const full = at.bytes > 0 && at.bytes + size > partLimit;
    const part = full ? at.part + 1 : at.part;
    const { status, body } = full ? await make(part, data) : await patch(at, data);
    if (status !== 200 && status !== 201) return { status, after: undefined };
    const resourceVersion = readPart(body)?.resourceVersion ?? "";
    const after = { part, resourceVersion, next: at.next + 1, bytes: full ? size : at.bytes + size };
    return { status, after };
  }

  function request(method: string, path: string, more: object) {
    requests++;
    return cluster.request(method, path, { query, timeoutMs, ...more });
  }

  function patch({ part, resourceVersion }: End, data: Readonly<Record<string, string>>) {
    const contentType = "application/merge-patch+json";
    return request("PATCH", pathOf(part), { contentType, body: { metadata: { resourceVersion }, data } });
  }

  function make(part: number, data: Readonly<Record<string, string>>) {
    return request("POST", journalsPath(namespace), { body: journalObject(namespace, id, part, data) });
  }

  function pathOf(part: number): string {
    return `${journalsPath(namespace)}/${journalName(id, part)}`;
  }

  /** The end of the last part; of a new one where none is left. */
  async function find(): Promise<End> {
    let last: End | undefined;
    for (let part = 1; ; part++) {
      const { status, body } = await request("GET", pathOf(part), { query: {} });
      const seen = status === 200 ? readPart(body) : undefined;
      if (seen !== undefined) {
        const bytes = Object.values(seen.data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        const next = Math.max(last?.next ?? 1, (numbersIn(seen.data).at(-1) ?? 0) + 1);
        last = { part, resourceVersion: seen.resourceVersion, next, bytes };
      } else if (last !== undefined) return last;
      else {
        const made = await make(1, { [openingKey]: openingText(opening) });
        if (made.status !== 201 && made.status !== 409) throw refused(made.status);
        part = 0;
      }
    }
  }
}

function refused(status: number): Failure {
  return new Failure(
    `the rotation's journal cannot be written: the API server answered ${status}`,
    "Look at the ConfigMaps with label linkerd-certs.io/rotation in Linkerd's namespace.",
    { status },
  );
}
