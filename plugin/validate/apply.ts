import { isRecord } from "../../trust/fields.ts";
import type { JsonObject, Manifest } from "../manifest/manifest.ts";
import { same } from "./settle.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * What `kubectl apply` makes of the live object: what the manifest says is
 * set, what it said the last time and no longer does is removed, and what
 * others have put there stays. Undefined where nothing would be sent.
 */
export function applied(
  manifest: JsonObject,
  live: JsonObject | undefined,
  now: Date,
): JsonObject | undefined {
  const noted = { ...manifest, metadata: withNote(manifest) };
  if (live === undefined) return stamped(noted, undefined, now);
  const before = noteOf(live);
  const after = merge(before, noted, live);
  const nothing = same(before, manifest) && same(withoutNote(after), withoutNote(live));
  return nothing ? undefined : stamped(after, live, now);
}

/** The object as kubectl sends it: with its namespace. */
export function placed({ object }: Manifest, namespace: string): JsonObject {
  return { ...object, metadata: { ...(isRecord(object["metadata"]) ? object["metadata"] : {}), namespace } };
}

function merge(last: JsonObject, next: JsonObject, live: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...live };
  for (const key of Object.keys(last)) if (!(key in next)) delete result[key];
  for (const [key, value] of Object.entries(next)) {
    const [was, is] = [last[key], live[key]];
    if (value === null) delete result[key];
    else if (isRecord(value)) result[key] = merge(isRecord(was) ? was : {}, value, isRecord(is) ? is : {});
    else result[key] = value;
  }
  return result;
}

function noteOf(live: JsonObject): JsonObject {
  const { metadata } = live;
  const annotations = isRecord(metadata) ? metadata["annotations"] : undefined;
  const text = isRecord(annotations) ? annotations[lastApplied] : undefined;
  if (typeof text !== "string") return {};
  try {
    const noted: unknown = JSON.parse(text);
    return isRecord(noted) ? noted : {};
  } catch {
    return {};
  }
}

function withNote(manifest: JsonObject): JsonObject {
  const metadata = isRecord(manifest["metadata"]) ? manifest["metadata"] : {};
  const annotations = isRecord(metadata["annotations"]) ? metadata["annotations"] : {};
  return { ...metadata, annotations: { ...annotations, [lastApplied]: JSON.stringify(manifest) } };
}

function withoutNote(object: JsonObject): JsonObject {
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const { [lastApplied]: _, ...annotations } = isRecord(metadata["annotations"])
    ? metadata["annotations"]
    : {};
  return { ...object, metadata: { ...metadata, annotations } };
}

const manager = "kubectl-client-side-apply";

// The API server notes who wrote which field and when; when the bundle changed is read from that.
function stamped(after: JsonObject, live: JsonObject | undefined, now: Date): JsonObject {
  const metadata = isRecord(after["metadata"]) ? after["metadata"] : {};
  const entries = Array.isArray(metadata["managedFields"]) ? metadata["managedFields"] : [];
  const own = entries.find((entry) => isRecord(entry) && entry["manager"] === manager);
  if (live !== undefined && own === undefined && same(live["data"], after["data"])) return after;
  const keys = isRecord(after["data"]) ? Object.keys(after["data"]) : [];
  const fields = { "f:data": Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) };
  const entry = { manager, operation: "Update", time: now.toISOString(), fieldsV1: fields };
  const managedFields = [...entries.filter((one) => one !== own), entry];
  return { ...after, metadata: { ...metadata, managedFields } };
}
