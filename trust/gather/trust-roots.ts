import type { TrustRoots } from "../facts.ts";
import { overrideIn } from "../override.ts";
import { findPrivateKeys, readBundle } from "../x509/index.ts";
import { type ConfigMap, dataChangedAt } from "./objects.ts";

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
    ...(override === undefined ? {} : { override }),
    ...(object.immutable === true ? { immutable: true as const } : {}),
  };
}

function measure(text: string): NonNullable<TrustRoots["text"]> {
  const trimmed = text.trim();
  return { blank: trimmed === "", bytes: Buffer.byteLength(trimmed) };
}

function privateKeysIn(object: ConfigMap): TrustRoots["privateKeys"] {
  const found: { place: string; what: string }[] = [];
  const look = (place: string, text: string | Uint8Array) => {
    // One is enough to refuse the place, and to send somebody there.
    const [first] = findPrivateKeys(text);
    if (first !== undefined) found.push({ place, what: first });
  };
  for (const [key, text] of entries(object.data)) look(`data["${key}"]`, text);
  for (const [key, base64] of entries(object.binaryData))
    look(`binaryData["${key}"]`, Buffer.from(base64, "base64"));
  for (const [key, text] of entries(object.metadata?.annotations)) look(`annotation ${key}`, text);
  for (const [key, text] of entries(object.metadata?.labels)) look(`label ${key}`, text);
  return found;
}

function entries(record: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
