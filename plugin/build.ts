// Part of npm run build: the plugin as one program, dist/kubectl-linkerd_certs.cjs, and beside it what it
// loads only when needed. docs/plugin-speed.md tells what that is worth.

import { chmodSync } from "node:fs";
import { join } from "node:path";
import { stdout } from "node:process";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { type Bundled, bundledBy } from "../release/bundled.ts";
import { commitOf } from "../release/commit.ts";
import { doorsTo, type Parts } from "./build-doors.ts";
import { commands } from "./commands/index.ts";

const home = join(import.meta.dirname, "..");
const program = "kubectl-linkerd_certs";

const packages: Parts = {
  "client-node": { "@kubernetes/client-node": ["KubeConfig"] },
  // Apart from the others, for hpagent has one of the same name.
  proxy: { "https-proxy-agent": ["HttpsProxyAgent"] },
  // What client-node asks for, for few kubeconfigs.
  proxies: {
    hpagent: ["HttpProxyAgent", "HttpsProxyAgent"],
    socks: ["SocksClient"],
    "socks-proxy-agent": ["SocksProxyAgent"],
  },
  logins: { "openid-client": await namesIn("openid-client"), "jsonpath-plus": ["JSONPath"] },
  pkijs: { pkijs: await namesIn("pkijs") },
  asn1js: { asn1js: await namesIn("asn1js") },
  yaml: { yaml: await namesIn("yaml") },
};
/** All others ask of an error whether it is one of these, so they may exist only once. */
const errors: Parts = {
  errors: {
    "cluster/failure.ts": await namesIn("../cluster/failure.ts"),
    "plugin/command.ts": await namesIn("../plugin/command.ts"),
  },
};
const own: Parts = {
  cluster: {
    "cluster/connect.ts": await namesIn("../cluster/connect.ts"),
    "cluster/read.ts": await namesIn("../cluster/read.ts"),
  },
  catalogue: { "plugin/known-rules.ts": await namesIn("../plugin/known-rules.ts") },
  check: { "plugin/commands/check.ts": await namesIn("../plugin/commands/check.ts") },
  settings: {
    "plugin/settings/fitting.ts": await namesIn("../plugin/settings/fitting.ts"),
    "plugin/settings/read.ts": await namesIn("../plugin/settings/read.ts"),
  },
  commands: { "plugin/commands/index.ts": await namesIn("../plugin/commands/index.ts") },
};

/** Commands that load nothing and must answer at once are in the program itself, the most called one is on its own. */
const shortcuts: Readonly<Record<string, string>> = {
  "_extension-metadata": "./extension.ts extensionMetadata",
  __complete: "./completion.ts completeWords",
  completion: "./completion.ts completion",
  version: "./version.ts versionCommand",
};

/** Writes the bundle into a folder, kubectl-linkerd_certs.cjs the one to start; gives back what was written. */
export async function bundlePlugin(outdir: string): Promise<Bundled[]> {
  const common = {
    absWorkingDir: home,
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    // Not ES modules: Node's loader for those costs some milliseconds.
    format: "cjs",
    supported: { "dynamic-import": false },
    platform: "node",
    target: "node24",
    // Not minified: that makes stack traces hard to read, and the start no shorter.
    legalComments: "eof",
    define: { builtFromCommit: JSON.stringify(commitOf(home, process.env["COMMIT"])) },
    metafile: true,
  } as const satisfies BuildOptions;
  const doors = (parts: Parts) => doorsTo(parts, { program, home });
  const entriesOf = (parts: Parts) =>
    Object.fromEntries(Object.keys(parts).map((part) => [`${program}-${part}`, `part:${part}`]));
  const built = await Promise.all([
    build({
      ...common,
      entryPoints: { [program]: join(home, "plugin", "main.ts") },
      banner: { js: "#!/usr/bin/env node" },
      plugins: [table, doors({ ...packages, ...errors, ...own })],
    }),
    build({
      ...common,
      entryPoints: entriesOf(own),
      plugins: [contents, doors({ ...packages, ...errors })],
    }),
    build({ ...common, entryPoints: entriesOf(errors), plugins: [contents] }),
    build({
      ...common,
      entryPoints: entriesOf(packages),
      plugins: [contents, kubeconfigOnly, doors(packages)],
    }),
  ]);
  chmodSync(join(outdir, `${program}.cjs`), 0o755);
  return built.flatMap(({ metafile }) => bundledBy(metafile));
}

/** What a part is made of. */
const contents: Plugin = {
  name: "contents",
  setup(bundler) {
    bundler.onResolve({ filter: /^part:/ }, ({ path }) => ({ path: path.slice(5), namespace: "part" }));
    bundler.onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({
      contents: Object.entries({ ...packages, ...errors, ...own }[path] ?? {})
        .map(
          ([from, names]) => `export { ${names.join()} } from "${from.endsWith(".ts") ? "./" : ""}${from}";`,
        )
        .join("\n"),
      resolveDir: home,
    }));
  },
};

/** Of client-node only what reads kubeconfigs: its models and its own HTTP cost 50 ms and 20 MiB. */
const kubeconfigOnly: Plugin = {
  name: "kubeconfig-only",
  setup(bundler) {
    bundler.onResolve({ filter: /^@kubernetes\/client-node$/ }, ({ namespace }) =>
      namespace === "part" ? { path: join(clientNode, "config.js") } : undefined,
    );
    bundler.onResolve({ filter: /^(undici|\.\/gen\/index\.js|\.\/middleware\.js)$/ }, ({ path, importer }) =>
      importer === join(clientNode, "config.js") ? { path, namespace: "never" } : undefined,
    );
    // Used only in methods that cluster/access/kubeconfig.ts does not call.
    bundler.onLoad({ filter: /./, namespace: "never" }, () => ({ contents: "module.exports = {};" }));
  },
};
const clientNode = join(home, "node_modules", "@kubernetes", "client-node", "dist");

/** What the overview, --help and the completion say of the commands, without the commands. */
const table: Plugin = {
  name: "table",
  setup(bundler) {
    const at = join(home, "plugin", "commands");
    const rows = commands.map(({ run: _, ...known }) => {
      const [file, name] = shortcuts[known.name]?.split(" ") ?? [];
      if (file !== undefined) return `require("${file}").${name}`;
      const real =
        known.name in own
          ? `require("./${program}-${known.name}.cjs").${known.name}`
          : `require("./${program}-commands.cjs").commands.find(({ name }) => name === "${known.name}")`;
      return `{ ...${JSON.stringify(known)}, run: (...words) => ${real}.run(...words) }`;
    });
    // Before the door to the commands themselves, which the table opens.
    bundler.onResolve({ filter: /(^|\/)index\.ts$/ }, ({ path, resolveDir }) =>
      join(resolveDir, path) === join(at, "index.ts") ? { path: "table", namespace: "table" } : undefined,
    );
    bundler.onLoad({ filter: /./, namespace: "table" }, () => ({
      contents: `exports.commands = [${rows.join(",\n")}];`,
      resolveDir: at,
    }));
  },
};

async function namesIn(name: string): Promise<string[]> {
  return Object.keys(await import(name)).filter((one) => /^\w+$/.test(one) && one !== "default");
}

if (import.meta.main) {
  for (const { path, bytes } of await bundlePlugin(join(home, "dist")))
    stdout.write(`${path}  ${Math.round(bytes / 1024)} KiB\n`);
}
