import { isRecord } from "../../trust/fields.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import type { JsonObject, Path } from "../manifest/manifest.ts";
import { shown } from "./shown.ts";

/** Why the API server itself would not take an object, and where that stands. */
export interface Refused {
  readonly path: Path;
  readonly message: string;
}

/**
 * The object as the API server would store it, or why it would not: it comes
 * before the guard, which sees only what has this shape.
 */
export function settle(kind: "ConfigMap", object: JsonObject): ConfigMap | Refused;
export function settle(kind: "Secret", object: JsonObject): Secret | Refused;
export function settle(kind: "ConfigMap" | "Secret", object: JsonObject): ConfigMap | Secret | Refused;
export function settle(kind: "ConfigMap" | "Secret", object: JsonObject): ConfigMap | Secret | Refused {
  for (const path of [
    ["metadata", "labels"],
    ["metadata", "annotations"],
    ["data"],
    ["binaryData"],
    ["stringData"],
  ]) {
    const wrong = notTexts(at(object, path), path);
    if (wrong !== undefined) return wrong;
  }
  const texts = (name: string) => emptied(object[name]);
  const base64 = kind === "Secret" ? "data" : "binaryData";
  const wrong = notBase64(texts(base64), base64);
  if (wrong !== undefined) return wrong;
  const binary = Object.fromEntries(
    Object.entries(texts(base64)).map(([key, text]) => [key, stripped(text)]),
  );
  const { stringData: _, ...rest } = object;
  if (kind === "ConfigMap") {
    const data = object["data"] === undefined ? {} : { data: texts("data") };
    const settled = {
      ...rest,
      ...data,
      ...(object["binaryData"] === undefined ? {} : { binaryData: binary }),
    };
    const sizes = [
      ...Object.values(texts("data")).map((text) => Buffer.byteLength(text)),
      ...Object.values(binary).map((text) => Buffer.byteLength(text, "base64")),
    ];
    return invalid(settled) ?? tooLarge(sizes) ?? settled;
  }
  const plain = Object.entries(texts("stringData")).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  const data: Record<string, string> = { ...binary, ...Object.fromEntries(plain) };
  const settled = { ...rest, data };
  const missing = object["type"] === "kubernetes.io/tls" ? ["tls.crt", "tls.key"] : [];
  const lacks = missing.find((key) => data[key] === undefined);
  if (lacks !== undefined)
    return { path: ["data"], message: `a Secret of type kubernetes.io/tls needs ${lacks}` };
  return (
    invalid(settled) ??
    tooLarge(Object.values(data).map((text) => Buffer.byteLength(text, "base64"))) ??
    settled
  );
}

/** A change that the API server does not allow, whatever the guard thinks of it. */
export function unchangeable(before: JsonObject, after: JsonObject): Refused | undefined {
  if (before["immutable"] === true && (!same(before["data"], after["data"]) || after["immutable"] !== true))
    return { path: ["data"], message: "the live object is immutable" };
  if ((before["type"] ?? "Opaque") !== (after["type"] ?? "Opaque"))
    return {
      path: ["type"],
      message: `a Secret's type cannot be changed (it is ${before["type"] ?? "Opaque"}); delete it first`,
    };
  return undefined;
}

/** Whether two objects are alike, in whatever order their fields stand. */
export function same(a: unknown, b: unknown): boolean {
  if (!isRecord(a) || !isRecord(b)) {
    if (Array.isArray(a) && Array.isArray(b))
      return a.length === b.length && a.every((one, i) => same(one, b[i]));
    return a === b;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

function at(object: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
}

function notTexts(map: unknown, path: Path): Refused | undefined {
  if (map === undefined || map === null) return undefined;
  if (!isRecord(map)) return { path, message: `${path.join(".")} must be a map` };
  for (const [key, value] of Object.entries(map)) {
    if (value !== null && typeof value !== "string")
      return {
        path: [...path, key],
        message: `${path.join(".")}["${shown(key)}"] must be a text; quote it`,
      };
  }
  return undefined;
}

// Go reads null as the empty text. notTexts has checked all else.
function emptied(map: unknown): Record<string, string> {
  const entries = Object.entries(isRecord(map) ? map : {});
  return Object.fromEntries(entries.map(([key, value]) => [key, typeof value === "string" ? value : ""]));
}

const stripped = (text: string) => text.replace(/[\r\n]/g, "");

function notBase64(map: Readonly<Record<string, string>>, field: string): Refused | undefined {
  for (const [key, text] of Object.entries(map)) {
    const one = stripped(text);
    if (one.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(one)) continue;
    return {
      path: [field, key],
      message: `${field}["${shown(key)}"] is not base64; plain text belongs into stringData`,
    };
  }
  return undefined;
}

/** (kubernetes pkg/apis/core/validation) */
function invalid({ data, binaryData, metadata }: JsonObject): Refused | undefined {
  const [texts, bytes] = [entries(data), entries(binaryData)];
  for (const [key] of [...texts, ...bytes]) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === "." || key.startsWith(".."))
      return {
        path: ["data"],
        message: "a key of data has characters other than letters, digits, '-', '_' and '.'",
      };
  }
  const twice = bytes.find(([key]) => texts.some(([other]) => other === key));
  if (twice !== undefined) {
    const path = ["binaryData", twice[0]];
    return {
      path,
      message: `${shown(twice[0])} would stand under both data and binaryData`,
    };
  }
  for (const [key, value] of entries(isRecord(metadata) ? metadata["labels"] : undefined)) {
    if (!/^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/.test(value))
      return { path: ["metadata", "labels", key], message: `the value of label ${shown(key)} is none` };
  }
  return undefined;
}

function tooLarge(sizes: readonly number[]): Refused | undefined {
  const size = sizes.reduce((sum, one) => sum + one, 0);
  return size > 1024 * 1024 ? { path: ["data"], message: "it holds more than 1 MiB" } : undefined;
}

// notTexts has checked that they are texts.
function entries(map: unknown): [string, string][] {
  return Object.entries(isRecord(map) ? map : {}).map(([key, value]) => [key, String(value)]);
}
