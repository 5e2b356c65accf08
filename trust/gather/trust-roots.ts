import type { TrustRoots } from "../facts.ts";
import { overrideIn } from "../override.ts";
import { findPrivateKeys, readBundle } from "../x509/index.ts";
import { type ConfigMap, dataChangedAt, isAsMade } from "./objects.ts";

export const trustRootsName = "linkerd-identity-trust-roots";
export const bundleKey = "ca-bundle.crt";

/** What ConfigMap linkerd-identity-trust-roots holds; undefined means looked for and not there. */
export function openTrustRoots(object: ConfigMap | undefined): TrustRoots {
  if (object === undefined) return { present: false, inBinaryData: false, privateKeys: [] };
  const text = object.data?.[bundleKey];
  const changedAt = dataChangedAt(object.metadata, [bundleKey]);
  const override = overrideIn(object.metadata);
  return {
    present: true,
    inBinaryData: object.binaryData?.[bundleKey] !== undefined,
    privateKeys: privateKeysIn(object),
    ...(text === undefined ? {} : { text: measure(text), reading: readBundle(text) }),
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(isAsMade(object.metadata, changedAt) ? { asMade: true as const } : {}),
    ...(override === undefined ? {} : { override }),
    ...(object.immutable === true ? { immutable: true as const } : {}),
  };
}

function measure(text: string): NonNullable<TrustRoots["text"]> {
  const trimmed = text.trim();
  return { blank: trimmed === "", bytes: Buffer.byteLength(trimmed) };
}

/** More places than these in one object say no more. */
const mostPlaces = 100;

function privateKeysIn(object: ConfigMap): TrustRoots["privateKeys"] {
  const found: { place: string; what: string }[] = [];
  for (const [place, text] of places(object)) {
    // One is enough to refuse the place, and to send somebody there.
    const [what] = findPrivateKeys(text, 1);
    if (what !== undefined) found.push({ place, what });
    if (found.length === mostPlaces) break;
  }
  return found;
}

/** Every text in the object that somebody may have put a key into, and how its place is called. */
function* places({ data, binaryData, metadata }: ConfigMap): Generator<[string, string | Uint8Array]> {
  for (const [key, text] of entries(data)) yield [`data["${called(key)}"]`, text];
  for (const [key, base64] of entries(binaryData))
    yield [`binaryData["${called(key)}"]`, Buffer.from(base64, "base64")];
  for (const [key, text] of entries(metadata?.annotations)) yield [`annotation ${called(key)}`, text];
  for (const [key, text] of entries(metadata?.labels)) yield [`label ${called(key)}`, text];
  for (const [key] of entries(data)) yield ["the name of a key in data", key];
  for (const [key] of entries(binaryData)) yield ["the name of a key in binaryData", key];
  for (const [key] of entries(metadata?.annotations)) yield ["the name of an annotation", key];
  for (const [key] of entries(metadata?.labels)) yield ["the name of a label", key];
}

const called = (name: string): string => (findPrivateKeys(name, 1).length === 0 ? name : "(withheld)");

function entries(record: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
