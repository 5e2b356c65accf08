import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How the image starts Node: the flags of its ENTRYPOINT, and its ENV. What is tested and measured is what ships. */
export interface Image {
  readonly flags: readonly string[];
  /** NAME=value, as `env` takes them. */
  readonly environment: readonly string[];
}

export function readImage(): Image {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "Dockerfile"), "utf8").replaceAll(
    "\\\n",
    " ",
  );
  const [, entrypoint] = /^ENTRYPOINT +(\[.*\])/m.exec(text) ?? [];
  const [, environment] = /^ENV +(.*)/m.exec(text) ?? [];
  if (entrypoint === undefined || environment === undefined)
    throw new Error("the Dockerfile is not understood");
  const words = JSON.parse(entrypoint) as readonly string[]; // exec form: an array of strings
  return {
    flags: words.filter((word) => word.startsWith("-")),
    environment: environment.split(/\s+/).filter((word) => word !== ""),
  };
}
