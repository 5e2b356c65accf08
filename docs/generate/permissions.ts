import { parseAllDocuments } from "yaml";
import { type Chapter, chapters, type Words } from "./permission-words.ts";

/** One rule of a Role or ClusterRole, in words; words for it are kept under its title. */
export interface Grant {
  /** "ClusterRole linkerd-certs", "Role linkerd/linkerd-certs". */
  readonly role: string;
  /** "get, list secrets/linkerd-identity-issuer". */
  readonly title: string;
  readonly rule: Rule;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
}

/** Reads a file of manifests/ by its path there. */
export type ReadManifest = (path: string) => string;

/**
 * docs/reference/permissions.md: every rule of every Role in manifests/, with
 * the words that are kept beside this file. Throws where a rule has no words.
 */
export function permissionsPage(read: ReadManifest): string {
  return `${[preface, ...chapters.map((chapter) => section(chapter, read))].join("\n\n")}\n`;
}

/** Every rule of every role in these files, in their order. */
export function grantsIn(files: readonly string[], read: ReadManifest): readonly Grant[] {
  return files.flatMap((path) =>
    parseAllDocuments(read(path)).flatMap((document) => {
      const { kind, metadata, rules = [] } = document.toJS() as Document; // our own manifests
      if (!kind.endsWith("Role")) return [];
      const role = `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
      return rules.map((rule) => ({ role, title: titleOf(rule), rule }));
    }),
  );
}

function section(chapter: Chapter, read: ReadManifest): string {
  const { title, says, files, words } = chapter;
  const byRole = Map.groupBy(grantsIn(files, read), ({ role }) => role);
  const tables = [...byRole].flatMap(([role, grants]) => {
    const known = words[role];
    if (known === undefined) return [];
    const rows = grants.map((grant) => row(grant, known[grant.title]));
    return [`### ${role}`, "", "| may | for | with it, a thief could |", "| --- | --- | --- |", ...rows].join(
      "\n",
    );
  });
  return [`## ${title}`, says, ...tables].join("\n\n");
}

function row({ role, title }: Grant, words: Words | undefined): string {
  if (words === undefined)
    throw new Error(`docs/generate/permission-words.ts has no words for ${role}: ${title}`);
  const [verbs = "", what = ""] = split(title);
  return `| ${verbs} \`${what}\` | ${words.why} | ${words.thief} |`;
}

function titleOf({ apiGroups, resources, resourceNames, verbs }: Rule): string {
  const groups = apiGroups.map((group) => (group === "" ? "" : `.${group}`));
  const names = resourceNames === undefined ? "" : `/${resourceNames.join(",")}`;
  // As kubectl writes it: "certificates.cert-manager.io/status".
  const called = (resource: string, group: string) => resource.replace(/(?=\/|$)/, group);
  const what = groups.map((group) => `${resources.map((one) => called(one, group)).join(",")}${names}`);
  return `${verbs.join(", ")} ${what.join(" ")}`;
}

/** The verbs end where the first word without a comma does. */
const split = (title: string) => {
  const [, verbs, what] = /^((?:\w+, )*\w+) (.*)$/.exec(title) ?? [];
  return [verbs, what?.replaceAll(",", ", ")];
};

const preface = `# Permissions

Every line of every role in [manifests](../../manifests), what it is for, and what somebody could do who has stolen a token that carries it. The lines are read from the manifests by \`npm run reference\`, and a test fails when one has no words. The words assume that Linkerd is in namespace \`linkerd\`. What this adds up to is in the [threat model](../threat-model.md).`;
