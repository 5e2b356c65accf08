import { fields } from "../fields.ts";

/** As much of a Kubernetes object as the core reads: what any client's types satisfy. */
export interface ObjectMeta {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly creationTimestamp?: string | Date | undefined;
  readonly deletionTimestamp?: string | Date | undefined;
  readonly managedFields?: readonly ManagedField[] | undefined;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[] | undefined;
}

export interface ManagedField {
  readonly manager?: string | undefined;
  readonly time?: string | Date | undefined;
  readonly fieldsV1?: unknown;
}

export interface ConfigMap {
  readonly metadata?: ObjectMeta | undefined;
  readonly immutable?: boolean | undefined;
  readonly data?: Readonly<Record<string, string>> | undefined;
  /** Base64. */
  readonly binaryData?: Readonly<Record<string, string>> | undefined;
}

export interface Secret {
  readonly metadata?: ObjectMeta | undefined;
  readonly immutable?: boolean | undefined;
  readonly type?: string | undefined;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>> | undefined;
}

/**
 * When a data key was last written, as the API server records it: the latest
 * time of a field manager that holds it. (After a forced server-side apply the
 * former manager's entry stays without the key.) A later write of the same
 * manager to another field counts too; that errs to the safe side, "stale".
 */
export function dataChangedAt(meta: ObjectMeta | undefined, keys: readonly string[]): Date | undefined {
  const times = (meta?.managedFields ?? [])
    .filter((entry) => keys.some((key) => holdsKey(entry.fieldsV1, key)))
    .map((entry) => asDate(entry.time))
    .filter((time) => time !== undefined);
  if (times.length === 0) return undefined;
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

/** Whether it was last changed as the object was made: nobody has ever read anything else from it. */
export function isAsMade(meta: ObjectMeta | undefined, changedAt: Date | undefined): boolean {
  return changedAt !== undefined && changedAt.getTime() === asDate(meta?.creationTimestamp)?.getTime();
}

/** Undefined for what is no date: objects come from anybody. */
export function asDate(time: string | Date | undefined): Date | undefined {
  if (time === undefined) return undefined;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function holdsKey(managed: unknown, key: string): boolean {
  return fields(fields(managed)["f:data"])[`f:${key}`] !== undefined;
}
