import { isMap, isPair, isScalar, parseDocument, type YAMLMap } from "yaml";

/** One value of the chart, as values.yaml has it. */
export interface DocumentedValue {
  readonly path: string;
  readonly doc: string;
  /** As JSON. */
  readonly default: string;
  /** The heading above it. */
  readonly section: string;
}

/** Reads the values and what stands above each; the values of a map that is empty, or has no words inside, are one. */
export function documentedValues(text: string): readonly DocumentedValue[] {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new Error("values.yaml holds no map");
  let section = "";
  const walk = (map: YAMLMap, prefix: string): DocumentedValue[] =>
    map.items.flatMap((pair, index) => {
      if (!isPair(pair) || !isScalar(pair.key)) return [];
      const path = `${prefix}${pair.key.value}`;
      // What stands above a map's first key belongs to the map.
      const words = [index === 0 ? map.commentBefore : undefined, pair.key.commentBefore];
      const comment = words.filter((part) => part != null).join("\n\n");
      section = /(?:^|\n)## ?(.+)/.exec(comment)?.[1] ?? section;
      const doc = comment
        .replace(/(^|\n)## ?.+/g, "")
        .split(/\n\s*\n/)
        .at(-1);
      if (isMap(pair.value) && hasWords(pair.value)) return walk(pair.value, `${path}.`);
      const value = pair.value === null ? null : (pair.value as { toJSON(): unknown }).toJSON(); // a node of yaml's
      return [{ path, doc: oneLine(doc ?? ""), default: JSON.stringify(value), section }];
    });
  return walk(contents, "");
}

/** The table of README.md, a heading for each section. */
export function valuesTable(values: readonly DocumentedValue[]): string {
  const sections = [...new Set(values.map(({ section }) => section))];
  return sections
    .map((section) => {
      const rows = values
        .filter((value) => value.section === section)
        .map(({ path, doc, default: is }) => `| \`${path}\` | ${escaped(doc)} | \`${escaped(is)}\` |`);
      return [`### ${section}`, "", "| value | | default |", "| --- | --- | --- |", ...rows].join("\n");
    })
    .join("\n\n");
}

/** Puts it between the two marks. */
export function withTable(readme: string, table: string): string {
  const [before, , after] = readme.split(/(<!-- values -->[\s\S]*<!-- end of values -->)/);
  if (after === undefined) throw new Error("README.md has no place for the table of values");
  return `${before}<!-- values -->\n\n${table}\n\n<!-- end of values -->${after}`;
}

function hasWords(map: YAMLMap): boolean {
  return map.items.some(
    ({ key, value }) =>
      (isScalar(key) && key.commentBefore != null) ||
      map.commentBefore != null ||
      (isMap(value) && hasWords(value)),
  );
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
const escaped = (text: string) => text.replaceAll("|", "\\|");
