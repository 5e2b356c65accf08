import { fieldManager } from "../kinds.ts";
import type { Meta } from "../objects.ts";
import { type Context, insistence } from "./context.ts";
import { denied, insist } from "./insist.ts";
import { again, type Outcome, refused } from "./outcome.ts";

export interface ObjectWrite {
  /** For people: "the trust bundle". */
  readonly what: string;
  readonly collection: string;
  readonly name: string;
  /** As it was read; undefined where it is not there. */
  readonly old: { readonly metadata: Meta } | undefined;
  /** What is new of its data. */
  readonly data: Readonly<Record<string, string>>;
  /** The whole object, where it is not there. */
  fresh(): object;
}

/** Writes data over what was read, and over nothing else. Undefined where it is written; otherwise why it is not. */
export async function writeObject(write: ObjectWrite, context: Context): Promise<Outcome | undefined> {
  const { what, collection, name, old, data } = write;
  const { cluster } = context.observer;
  const query = { fieldManager, ...(context.dryRun ? { dryRun: "All" } : {}) };
  try {
    const { status, body } =
      old === undefined
        ? await insist(cluster, "POST", collection, { body: write.fresh(), query }, insistence(context))
        : await insist(
            cluster,
            "PATCH",
            `${collection}/${name}`,
            {
              contentType: "application/merge-patch+json",
              body: { metadata: { resourceVersion: old.metadata.resourceVersion }, data },
              query,
            },
            insistence(context),
          );
    if (status === 409) return again(`somebody else has written ${what}`);
    if (status >= 300) return refused(sentenceOf(body, status), "Nothing was written; see what refuses it.");
    return undefined;
  } catch (error) {
    if (denied(error)) return refused(error.message, "Nothing was written; what a rule means: explain RULE.");
    throw error;
  }
}

/** What the API server says of a write that it does not take. */
export function sentenceOf(body: unknown, status: number): string {
  const { message } = (body ?? {}) as { message?: string }; // meta/v1 Status
  return message ?? `the API server answered ${status}`;
}
