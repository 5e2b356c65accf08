import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parse, parseDocument, stringify, visit } from "yaml";

/** What of guard/kustomization.yaml is understood here. */
interface Kustomization {
  readonly labels: readonly [{ readonly pairs: Readonly<Record<string, string>> }];
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly [
    { readonly name: string; readonly namespace: string; readonly files: readonly [string] },
  ];
}

/**
 * The plain manifests as one file, for `kubectl apply -f URL`: the objects that
 * `kubectl apply -k manifests` makes, under the same names, with
 * the comments that kustomize would drop. `folder` is manifests/guard.
 */
export function guardManifest(folder: string, version: string): string {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const { labels, resources, configMapGenerator } = parse(read("kustomization.yaml")) as Kustomization; // a test holds the result to kustomize's own
  const [{ pairs }] = labels;
  const [{ name, namespace, files }] = configMapGenerator;
  const data = Object.fromEntries(files.map((file) => [file, read(file)]));
  const generated = `${name}-${hashOf(data)}`;
  const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: generated, namespace }, data };
  const documents = resources.flatMap((file) =>
    read(file)
      .replace(rendered, "")
      .split(/^---\n/m),
  );
  const objects = documents.map((text) => parseDocument(text));
  // Before the pods that want it.
  const pods = objects.findIndex((object) => object.get("kind") === "Deployment");
  objects.splice(pods, 0, parseDocument(stringify(settings, layout)));
  for (const object of objects) {
    for (const [key, value] of Object.entries(pairs)) object.setIn(["metadata", "labels", key], value);
    rename(object, name, generated);
  }
  return `${header(version)}---\n${objects.map((object) => object.toString(layout)).join("---\n")}`;
}

const layout = { lineWidth: 0, flowCollectionPadding: false } as const;
// Said of the file in the repository.
const rendered = /^# Rendered from .*\n/m;
const header = (version: string) => `# The guard of linkerd-certs ${version}, as one file: kubectl apply -f
# It needs namespace linkerd, where its Role stands; that may still be empty: kubectl create namespace linkerd
`;

function rename(document: Document, from: string, to: string): void {
  visit(document, {
    Scalar(_, node) {
      if (node.value === from) node.value = to;
    },
  });
}

/**
 * kustomize's hash of a ConfigMap (kubernetes-sigs/kustomize, api/hasher): of
 * JSON as Go writes it, where the name is always empty.
 */
function hashOf(data: Readonly<Record<string, string>>): string {
  const text = JSON.stringify({ data, kind: "ConfigMap", name: "" }).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const digits = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return digits.replace(/[013ae]/g, (digit) => pronounceable[digit] ?? digit);
}

// Without vowels and what looks like them, so that no hash is a word.
const pronounceable: Readonly<Record<string, string>> = { 0: "g", 1: "h", 3: "k", a: "m", e: "t" };
