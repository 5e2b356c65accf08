import { readdirSync, readFileSync } from "node:fs";
import { join, matchesGlob, relative, sep } from "node:path";
import { parse } from "yaml";
import { type Entry, writeArchive } from "./archive.ts";

export interface ChartPackage {
  readonly folder: string;
  readonly to: string;
  readonly at: Date;
  /** For what is needed meanwhile. */
  readonly work: string;
}

/**
 * Packs the chart in a folder as `helm package` would, but for the time of day,
 * which that writes into the package: the same chart gives the same bytes.
 * Gives back the package's name; throws where the chart is not of this version.
 */
export async function writeChartPackage(version: string, { folder, to, at, work }: ChartPackage) {
  const chart = parse(readFileSync(join(folder, "Chart.yaml"), "utf8"));
  for (const field of ["version", "appVersion"])
    if (chart[field] !== version) throw new Error(`Chart.yaml: ${field} is not ${version}, package.json's`);
  const file = `${chart.name}-${version}.tgz`;
  await writeArchive(join(to, file), entriesOf(folder, chart.name), { at, folder: work });
  return file;
}

// Helm reads it from the package as it comes; Chart.yaml is first, for whoever looks for it in a stream.
function entriesOf(folder: string, name: string): Entry[] {
  const ignored = ignoredBy(readFileSync(join(folder, ".helmignore"), "utf8"));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name: file }) => relative(folder, join(parentPath, file)).split(sep))
    .filter((path) => !ignored(path))
    .map((path) => path.join("/"))
    .sort();
  const order = ["Chart.yaml", ...files.filter((file) => file !== "Chart.yaml")];
  return order.map((file) => ({ name: `${name}/${file}`, from: join(folder, file) }));
}

/** Of the patterns that Helm knows those that name a file or a folder, wherever it is; others are refused. */
function ignoredBy(text: string): (path: readonly string[]) => boolean {
  const patterns = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  for (const pattern of patterns)
    if (/^!|\/./.test(pattern)) throw new Error(`.helmignore: ${pattern} is not understood here`);
  return (path) =>
    patterns.some((pattern) =>
      pattern.endsWith("/")
        ? path.slice(0, -1).some((folder) => matchesGlob(folder, pattern.slice(0, -1)))
        : path.some((word) => matchesGlob(word, pattern)),
    );
}
