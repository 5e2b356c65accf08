// npm run build: the guard as one file, dist/webhook.mjs, and what it loads only when needed beside it.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

const home = join(import.meta.dirname, "..");

/** Writes the bundle into a folder, webhook.mjs the one to start; gives back what was written. */
export async function bundleGuard(outdir: string): Promise<{ path: string; bytes: number }[]> {
  const { metafile } = await build({
    entryPoints: [join(home, "webhook", "main.ts")],
    outdir,
    entryNames: "webhook",
    chunkNames: "chunk-[hash]",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported only when needed, such as the library that mints certificates, stays apart.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    keepNames: true,
    legalComments: "linked",
    metafile: true,
    plugins: [unused],
    // Some of what is bundled still asks for require().
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return Object.entries(metafile.outputs)
    .filter(([path]) => path.endsWith(".mjs"))
    .map(([path, { bytes }]) => ({ path, bytes }));
}

// Express brings parsers for every charset, the names of every media type, and what serves files. The
// guard reads bodies itself and answers JSON, so these only cost memory: more than half of the bundle.
const unused: Plugin = {
  name: "unused",
  setup(bundler) {
    const filter = /^(body-parser|mime-db|qs|send|serve-static)$/;
    bundler.onResolve({ filter }, ({ path }) => ({ path, namespace: "unused" }));
    bundler.onLoad({ filter: /.*/, namespace: "unused" }, ({ path }) => ({
      contents:
        path === "mime-db"
          ? "module.exports = {};"
          : `module.exports = () => { throw new Error("${path} is left out of the bundle: webhook/build.ts"); };`,
    }));
  },
};

if (import.meta.main) {
  rmSync(join(home, "dist"), { recursive: true, force: true });
  for (const { path, bytes } of await bundleGuard(join(home, "dist"))) {
    process.stdout.write(`${path}  ${Math.round(bytes / 1024)} KiB\n`);
  }
}
