import { type KnownRule, knownRules } from "../../plugin/known-rules.ts";
import { code, madeBy, page, prose, table } from "./markdown.ts";

/** Which part of the catalogue a file explains, in the order of the page. */
const chapters: Readonly<Record<string, readonly [title: string, says: string]>> = {
  "trust/rules/README.md": [
    "Trust bundle, anchors and issuer",
    "The guard refuses a write that brings what one of these denies, and says in a warning what one of them warns of. Its [configuration](configuration.md#the-guard) can set each to deny, warn or off.",
  ],
  "trust/owners/README.md": [
    "Who makes the objects",
    "Certificates of cert-manager and Bundles of trust-manager, before they do what they say.",
  ],
  "docs/check.md": ["What only the live mesh shows", "What no rule sees, because it is in no single object."],
  "plugin/validate/README.md": ["Manifests", "What is wrong with a manifest whatever it is about."],
  "docs/settings.md": ["Settings", "Of the plugin's own [settings](../settings.md)."],
};

/** docs/reference/rules.md: all that the guard, check and validate can report. */
export function rulesPage(): string {
  const byFile = Map.groupBy(knownRules, ({ docs }) => placeOf(docs).file);
  const unknown = [...byFile.keys()].filter((file) => !(file in chapters));
  if (unknown.length > 0)
    throw new Error(`docs/generate/rules.ts knows no chapter for ${unknown.join(", ")}`);
  return page(
    "# Rules",
    madeBy,
    `All that can be found: ${knownRules.length} rules. Each name leads to what breaks, why, and the remedy; \`kubectl linkerd-certs explain RULE\` says the same, and \`kubectl linkerd-certs rules -o json\` is this list for programs.`,
    "deny is an error, warn a warning. The guard asks about writes, check about the running mesh, validate about manifests.",
    ...Object.entries(chapters).map(([file, [title, says]]) =>
      page(`## ${title}`, says, rows(byFile.get(file) ?? [])).trimEnd(),
    ),
  );
}

function rows(rules: readonly KnownRule[]): string {
  return table(
    ["rule", "severity", "asked by", "when all is well"],
    rules.map(({ id, severity, askedBy, summary, docs }) => {
      const { file, anchor } = placeOf(docs);
      return [`[${code(id)}](${linkTo(file)}#${anchor})`, severity, askedBy.join(", "), prose(summary)];
    }),
  );
}

/** The address of a section on the web, as the file in this repository. */
function placeOf(docs: string): { readonly file: string; readonly anchor: string } {
  const [, file = docs, anchor = ""] = /\/blob\/main\/([^#]+)#(.+)$/.exec(docs) ?? [];
  return { file, anchor };
}

/** From docs/reference/. */
const linkTo = (file: string) => (file.startsWith("docs/") ? `../${file.slice(5)}` : `../../${file}`);
