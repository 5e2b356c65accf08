import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package of which something is in the program. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** As its package.json says it, an SPDX expression. */
  readonly licence: string;
  readonly homepage?: string;
  /** The text of its licence, and of a notice where there is one. */
  readonly text: string;
}

/**
 * The packages that files of a bundle come from, by name. Throws for one that
 * does not say its licence, or whose licence is not among those that a program
 * under Apache-2.0 may hold.
 */
export function packagesOf(inputs: readonly string[], home: string): Package[] {
  const folders = new Set(inputs.flatMap((input) => folderOf(input) ?? []));
  return [...folders]
    .map((folder) => open(join(home, folder)))
    .sort((a, b) => compare(`${a.name} ${a.version}`, `${b.name} ${b.version}`));
}

// The innermost one: packages may have others within.
function folderOf(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
}

const compatible = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
];

function open(folder: string): Package {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const fits = typeof license === "string" && compatible.includes(license);
  if (!fits) throw new Error(`${name} ${version} is under ${license ?? "no licence that it says"}`);
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort(compare)
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  return {
    ...{ name, version, licence: license },
    ...(typeof homepage === "string" ? { homepage } : {}),
    text: texts.length > 0 ? texts.join("\n\n") : inReadme(folder),
  };
}

// A few have it at the end of their README only.
function inReadme(folder: string): string {
  const readme = readdirSync(folder).find((file) => /^readme/i.test(file));
  const text = readme === undefined ? "" : readFileSync(join(folder, readme), "utf8");
  const section = /^#+ *licen[cs]e.*$/im.exec(text);
  return section === null ? "" : text.slice(section.index).trim();
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** All licences of what is in the program, as one text. Node's own covers what Node is made of. */
export function licenceTexts(
  packages: readonly Package[],
  node: { version: string; licence: string },
): string {
  const nodes = existsSync(node.licence) ? readFileSync(node.licence, "utf8").trim() : "";
  if (nodes === "") throw new Error("the licence of Node is not there");
  const chapters = [
    ...packages.map(({ name, version, licence, text }) => ({
      title: `${name} ${version} (${licence})`,
      text: text === "" ? `Published under ${licence}, without a text.` : text,
    })),
    { title: `Node.js ${node.version}, and what it is made of`, text: nodes },
  ];
  const line = "=".repeat(80);
  const list = chapters.map(({ title }) => `  ${title}\n`).join("");
  const body = chapters.map(({ title, text }) => `${line}\n${title}\n${line}\n\n${text}\n`).join("\n");
  return `linkerd-certs is under the Apache License 2.0 (LICENSE). Plugin and guard hold, under their own licences:\n\n${list}\n${body}`;
}
