import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";

// As the API server admits: ValidateConfigMap and ValidateSecret (kubernetes pkg/apis/core/validation),
// ValidateAnnotations (apimachinery pkg/api/validation), and the longest body of a request. It asks a
// validating webhook after its own validation, so whatever is larger was not sent by it.
const mostData = 1024 * 1024;
const mostAnnotations = 256 * 1024;
const mostOfAll = 3 * 1024 * 1024;

export const limitsInWords = "at most 1 MiB of data, 256 KiB of annotations, and 3 MiB in all";

/** Whether an object is larger than any that Kubernetes stores. What is searched must be bounded before. */
export function isTooLarge(kind: "ConfigMap" | "Secret", object: ConfigMap | Secret | undefined): boolean {
  const { data, metadata } = object ?? {};
  const binaryData = object !== undefined && "binaryData" in object ? object.binaryData : undefined;
  const bytes = values(data, kind === "Secret" ? "base64" : "utf8") + values(binaryData, "base64");
  const annotations = names(metadata?.annotations) + values(metadata?.annotations, "utf8");
  const labels = names(metadata?.labels) + values(metadata?.labels, "utf8");
  const all = bytes + names(data) + names(binaryData) + annotations + labels;
  return bytes > mostData || annotations > mostAnnotations || all > mostOfAll;
}

type Texts = Readonly<Record<string, string>> | undefined;

const values = (texts: Texts, encoding: "utf8" | "base64"): number =>
  Object.values(texts ?? {}).reduce((sum, text) => sum + Buffer.byteLength(text, encoding), 0);

const names = (texts: Texts): number =>
  Object.keys(texts ?? {}).reduce((sum, name) => sum + Buffer.byteLength(name), 0);
