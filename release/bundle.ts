import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bundlePlugin } from "../plugin/build.ts";

/** The program in parts, as the single executables hold them. */
export interface Parts {
  readonly folder: string;
  readonly names: readonly string[];
  /** What they were made of, as seen from home: our own files and those of packages. */
  readonly inputs: readonly string[];
}

/** Bundles the plugin into a folder and makes a function of each part. */
export async function bundleParts(folder: string): Promise<Parts> {
  const plain = join(folder, "bundle");
  const built = await bundlePlugin(plain);
  mkdirSync(join(folder, "parts"), { recursive: true });
  const names = built.map(({ path }) => basename(path)).sort();
  for (const name of names)
    writeFileSync(join(folder, "parts", name), asFunction(readFileSync(join(plain, name), "utf8")));
  const inputs = [...new Set(built.flatMap((one) => one.inputs))].sort();
  return { folder: join(folder, "parts"), names, inputs };
}

// In ASCII it is read without being decoded. What is not is in comments, strings and regular expressions,
// where \u says the same.
function asFunction(text: string): string {
  const program = text
    .replace(/^#!.*/, "")
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `(function (module, exports, require) {${program}\n})`;
}
