import { createRequire, isBuiltin } from "node:module";
import { join, relative } from "node:path";
import type { Plugin } from "esbuild";

/** Files beside the program, and what each has of which modules: packages, or files as seen from home. */
export type Parts = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * An import at the top of a file stays one; the first use of anything it names
 * loads the part, and likewise Node's own modules, some of which take 5 ms.
 */
export function doorsTo(parts: Parts, { program, home }: { program: string; home: string }): Plugin {
  const doors = new Map(
    Object.entries(parts).flatMap(([part, modules]) =>
      Object.entries(modules).map(([from, names]) => [from, { file: `./${program}-${part}.cjs`, names }]),
    ),
  );
  const files = new Set([...doors.values()].map(({ file }) => file));
  return {
    name: "doors",
    setup(bundler) {
      bundler.onResolve({ filter: /./ }, ({ path, importer, namespace, resolveDir }) => {
        if (files.has(path)) return { path, external: true };
        if (namespace === "part" || namespace === "door") return undefined;
        // Packages take some of Node's modules for functions, which a door is not.
        if (isBuiltin(path)) return importer.endsWith(".ts") ? { path, namespace: "door" } : undefined;
        const from = path.startsWith(".") ? relative(home, join(resolveDir, path)) : path;
        return doors.has(from) ? { path: from, namespace: "door" } : undefined;
      });
      bundler.onLoad({ filter: /./, namespace: "door" }, ({ path }) => {
        const { file, names } = doors.get(path) ?? { file: path, names: Object.keys(nodes(path)) };
        return {
          contents: `for (const name of ${JSON.stringify(names)})
            Object.defineProperty(exports, name, { enumerable: true, get: () => require("${file}")[name] });`,
          resolveDir: home,
        };
      });
    },
  };
}

const nodes = createRequire(import.meta.url);
