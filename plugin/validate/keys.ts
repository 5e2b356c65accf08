import { isRecord } from "../../trust/fields.ts";
import { findPrivateKeys } from "../../trust/x509/index.ts";
import { called, type Manifest, type Path } from "../manifest/manifest.ts";
import type { Reading } from "../manifest/read.ts";
import { type ManifestFinding, manifestDocsOf, manifestRules } from "./finding.ts";
import { targetOf } from "./predict.ts";
import { shown } from "./shown.ts";

/** More places than these in one object say no more. */
const mostTold = 10;

const rule = "key-not-in-manifest";
const { remedy } = manifestRules[rule];
const docs = manifestDocsOf(rule);

/**
 * Private keys in what is kept in Git or passes by. A Secret that comes from
 * standard input may have been rendered a moment ago and be kept nowhere: that
 * is a warning. The trust bundle's ConfigMap has a rule of its own.
 */
export function keysIn({ suspects, looseKeys }: Reading, namespace: string): ManifestFinding[] {
  const inObjects = suspects
    .filter((manifest) => targetOf(manifest, namespace) !== "trust-roots")
    .flatMap((manifest) => keysInObject(manifest));
  const loose = looseKeys.map(({ what, place }): ManifestFinding => {
    return { rule, severity: "error", message: `${what} stands in the file`, remedy, docs, place };
  });
  return [...inObjects, ...loose];
}

function keysInObject(manifest: Manifest): ManifestFinding[] {
  const isSecret = manifest.kind === "Secret";
  const severity = isSecret && manifest.place.file === "stdin" ? "warning" : "error";
  const found: ManifestFinding[] = [];
  for (const { path, text, isName } of texts(manifest.object, [])) {
    const encoded = isSecret && path[0] === "data" && !isName;
    const [first] = findPrivateKeys(encoded ? Buffer.from(text, "base64") : text);
    if (first === undefined) continue;
    const [, what = first, line = "1"] = /^(.*) on line (\d+)$/.exec(first) ?? [];
    found.push({
      rule,
      severity,
      message: `${what} stands in ${isName ? "a name in " : ""}${inWords(path)} of ${called(manifest)}`,
      remedy,
      docs,
      object: called(manifest),
      place: {
        file: manifest.place.file,
        line: encoded ? manifest.lineOf(path) : manifest.lineWithin(path, Number(line)),
      },
    });
    if (found.length === mostTold) break;
  }
  return found;
}

interface Text {
  readonly path: Path;
  readonly text: string;
  /** It is the name of a field rather than what the field holds. */
  readonly isName?: true;
}

function* texts(value: unknown, path: Path): Generator<Text> {
  if (typeof value === "string") yield { path, text: value };
  else if (Array.isArray(value)) for (const [i, inner] of value.entries()) yield* texts(inner, [...path, i]);
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield { path, text: key, isName: true };
      yield* texts(inner, [...path, key]);
    }
  }
}

/** metadata.annotations["example.org/backup"] */
function inWords(path: Path): string {
  return path
    .map((step, i) => {
      if (typeof step === "string" && /^\w{1,40}$/.test(step)) return i === 0 ? step : `.${step}`;
      return typeof step === "number" ? `[${step}]` : `["${shown(step)}"]`;
    })
    .join("");
}
