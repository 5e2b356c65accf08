// npm run build: the guard as one file, dist/webhook.cjs, and what it loads only when needed beside it.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { type Bundled, bundledBy } from "../release/bundled.ts";
import { commitOf } from "../release/commit.ts";
import { precompiled } from "./precompiled.ts";
import { unused } from "./unused.ts";

const home = join(import.meta.dirname, "..");

/** Writes the bundle into a folder, webhook.cjs the one to start; gives back what was written. */
export async function bundleGuard(outdir: string): Promise<Bundled[]> {
  const { metafile } = await build({
    entryPoints: {
      webhook: join(home, "webhook", "main.ts"),
      ...Object.fromEntries(Object.keys(apart).map((name) => [fileOf(name), `apart:${name}`])),
    },
    absWorkingDir: home,
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    // Not ES modules: Node's loader for those costs 3 MiB.
    format: "cjs",
    supported: { "dynamic-import": false },
    platform: "node",
    target: "node24",
    // Not minified: that makes it smaller, but not in memory, and its stack traces hard to read.
    legalComments: "eof",
    define: { builtFromCommit: JSON.stringify(commitOf(home, process.env["COMMIT"])) },
    metafile: true,
    plugins: [unused, precompiled, lazy],
  });
  return bundledBy(metafile).filter(({ path }) => path.endsWith(".cjs"));
}

/** What is imported only when needed, and what is used of it: each a file of its own. */
const apart: Readonly<Record<string, string>> = {
  "@kubernetes/client-node": "{ KubeConfig }",
  "https-proxy-agent": "{ HttpsProxyAgent }",
  "socks-proxy-agent": "{ SocksProxyAgent }",
  pkijs: "*",
  asn1js: "*",
};

const fileOf = (name: string) => name.replace(/^.*\//, "");

const lazy: Plugin = {
  name: "lazy",
  setup(bundler) {
    bundler.onResolve({ filter: /^apart:/ }, ({ path }) => ({
      path: path.replace("apart:", ""),
      namespace: "apart",
    }));
    bundler.onLoad({ filter: /./, namespace: "apart" }, ({ path }) => ({
      contents: `export ${apart[path]} from "${path}";`,
      resolveDir: home,
    }));
    const filter = new RegExp(`^(${Object.keys(apart).join("|")})$`);
    bundler.onResolve({ filter }, ({ path, namespace }) => {
      if (namespace === "apart") return undefined;
      return { path: `./${fileOf(path)}.cjs`, external: true };
    });
  },
};

if (import.meta.main) {
  rmSync(join(home, "dist"), { recursive: true, force: true });
  for (const { path, bytes } of await bundleGuard(join(home, "dist"))) {
    process.stdout.write(`${path}  ${Math.round(bytes / 1024)} KiB\n`);
  }
}
