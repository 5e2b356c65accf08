// npm run build: the guard as one file, dist/webhook.mjs, for the image.

import { join } from "node:path";
import { build } from "esbuild";

const home = join(import.meta.dirname, "..");

const { metafile } = await build({
  entryPoints: [join(home, "webhook", "main.ts")],
  outdir: join(home, "dist"),
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
  // Some of what is bundled still asks for require().
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});

for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  if (file.endsWith(".mjs")) process.stdout.write(`${file}  ${Math.round(bytes / 1024)} KiB\n`);
}
