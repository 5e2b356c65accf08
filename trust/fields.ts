export type Fields = Readonly<Record<string, unknown>>;

/** Whether it is what JSON calls an object: neither null nor a list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Its fields, each of which may be anything; none where it has none. */
export const fields = (value: unknown): Fields => (isRecord(value) ? value : {});

/** What a list holds; nothing where it is no list. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text; the empty one where it is none. */
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
