// npm run release: everything that a release of the plugin consists of, in release/dist.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import manifest from "../package.json" with { type: "json" };
import { cacheFolder } from "./cache-folder.ts";
import { commitOf } from "./commit.ts";
import { fetchNode, nodeVersion } from "./fetch-node.ts";
import { nameOf, nativePlatform, type Platform, platforms } from "./platforms.ts";
import { release } from "./release.ts";

const home = join(import.meta.dirname, "..");
const usage = `npm run release -- [--base-url URL] [--only OS/ARCH]... [--out FOLDER]

  --base-url URL   where the archives will be downloaded from
                   (https://github.com/linkerd-certs/linkerd-certs/releases/download/v${manifest.version})
  --only OS/ARCH   not all of ${platforms.map(nameOf).join(", ")}; may be repeated
  --out FOLDER     instead of release/dist
`;

const { values } = parseArgs({
  options: {
    "base-url": {
      type: "string",
      default: `https://github.com/linkerd-certs/linkerd-certs/releases/download/v${manifest.version}`,
    },
    only: { type: "string", multiple: true, default: [] },
    out: { type: "string", default: join(import.meta.dirname, "dist") },
    help: { type: "boolean", short: "h" },
  },
});
const megabytes = (bytes: number) =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

if (values.help) process.stdout.write(usage);
else await build();

async function build(): Promise<void> {
  const native = nativePlatform(process.platform, process.arch);
  if (native === undefined) throw new Error(`nothing is released for ${process.platform}/${process.arch}`);
  const cache = cacheFolder(process.env);
  const known = new Map<Platform, ReturnType<typeof fetchNode>>();
  const work = join(import.meta.dirname, "dist.work");
  const artefacts = await release({
    to: resolve(values.out),
    work,
    platforms: values.only.length === 0 ? platforms : values.only.map(named),
    native,
    node(platform) {
      const asked = known.get(platform) ?? fetchNode(platform, cache);
      known.set(platform, asked);
      return asked;
    },
    baseUrl: values["base-url"],
    commit: commitOf(home),
    at: timeOf(),
    tell: (what) => process.stderr.write(`${what}\n`),
  });
  rmSync(work, { recursive: true });
  process.stdout.write(
    `\nlinkerd-certs ${manifest.version} (${commitOf(home)}), Node ${nodeVersion}, in ${values.out}\n\n`,
  );
  for (const { name, bytes, sha256, program } of artefacts) {
    const unpacked = program === undefined ? "" : `, unpacked ${megabytes(program.bytes)}`;
    process.stdout.write(
      `${name.padEnd(36)}${megabytes(bytes).padStart(9)}  ${sha256.slice(0, 16)}…${unpacked}\n`,
    );
  }
}

function named(words: string): Platform {
  const found = platforms.find((platform) => nameOf(platform) === words);
  if (found === undefined) throw new Error(`--only ${words}: there are ${platforms.map(nameOf).join(", ")}`);
  return found;
}

/** Of the commit; outside of git the beginning of time as tar and zip both know it. */
function timeOf(): Date {
  const git = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: home, encoding: "utf8" });
  const seconds = Number(git.stdout?.trim());
  return git.status === 0 && seconds > 0 ? new Date(seconds * 1000) : new Date("1980-01-01T12:00:00Z");
}
