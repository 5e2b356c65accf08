// npm run release: everything that a release consists of, in release/dist.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import manifest from "../package.json" with { type: "json" };
import type { Artefact } from "./artefact.ts";
import { cacheFolder } from "./cache-folder.ts";
import { commitOf } from "./commit.ts";
import { fetchNode, nodeVersion } from "./fetch-node.ts";
import { imageStep } from "./image-step.ts";
import { nameOf, nativePlatform, type Platform, platforms } from "./platforms.ts";
import { release } from "./release.ts";

const home = join(import.meta.dirname, "..");
const releases = "https://github.com/linkerd-certs/linkerd-certs/releases/download";
const usage = `npm run release -- [--base-url URL] [--only OS/ARCH]... [--out FOLDER] [--without image]
                [--base NAME=IMAGE]... [--debian-bases]

  --base-url URL     where the archives will be downloaded from
                     (${releases}/v${manifest.version})
  --only OS/ARCH     not all of ${platforms.map(nameOf).join(", ")}; may be repeated
  --out FOLDER       instead of release/dist
  --without image    there is no buildah or podman here, or it is built elsewhere
  --base NAME=IMAGE  what the Dockerfile builds on: BUILD_IMAGE, NODE_IMAGE, RUNTIME_IMAGE; may be repeated
  --debian-bases     those are made of Debian's packages (mmdebstrap, as root); no registry of images is asked

It ends in 1, and says so, where the image could not be built; everything else is there then.
`;

const { values } = parseArgs({
  options: {
    "base-url": { type: "string", default: `${releases}/v${manifest.version}` },
    only: { type: "string", multiple: true, default: [] },
    out: { type: "string", default: join(import.meta.dirname, "dist") },
    without: { type: "string", multiple: true, default: [] },
    base: { type: "string", multiple: true, default: [] },
    "debian-bases": { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

if (values.help) process.stdout.write(usage);
else await build();

async function build(): Promise<void> {
  const native = nativePlatform(process.platform, process.arch);
  if (native === undefined) throw new Error(`nothing is released for ${process.platform}/${process.arch}`);
  for (const other of values.without)
    if (other !== "image") throw new Error(`--without ${other}: only the image can be left out`);
  for (const word of values.base)
    if (!/^(BUILD|NODE|RUNTIME)_IMAGE=\S+$/.test(word))
      throw new Error(`--base ${word}: BUILD_IMAGE, NODE_IMAGE or RUNTIME_IMAGE, = and an image`);
  const known = new Map<Platform, ReturnType<typeof fetchNode>>();
  const options = {
    to: resolve(values.out),
    work: join(import.meta.dirname, "dist.work"),
    platforms: values.only.length === 0 ? platforms : values.only.map(named),
    native,
    node(platform: Platform) {
      const asked = known.get(platform) ?? fetchNode(platform, cacheFolder(process.env));
      known.set(platform, asked);
      return asked;
    },
    baseUrl: values["base-url"],
    commit: commitOf(home),
    at: timeOf(),
    tell: (what: string) => void process.stderr.write(`${what}\n`),
  };
  const { image, missing } = imageStep({
    ...options,
    ...{ version: manifest.version, wanted: !values.without.includes("image"), words: values.base },
    ...{ debian: values["debian-bases"], authorities: process.env["NODE_EXTRA_CA_CERTS"] },
  });
  const artefacts = await release({ ...options, image });
  rmSync(options.work, { recursive: true });
  process.stdout.write(
    `\nlinkerd-certs ${manifest.version} (${options.commit}), Node ${nodeVersion}, in ${values.out}\n\n`,
  );
  for (const one of artefacts) process.stdout.write(lineOf(one));
  const why = missing();
  if (why === undefined) return;
  process.stderr.write(
    `\nlinkerd-certs: error: the release is incomplete, the image is missing: ${why.message}\nlinkerd-certs: hint: ${why.hint}\n`,
  );
  process.exitCode = 1;
}

function lineOf({ name, bytes, sha256, program }: Artefact): string {
  const unpacked = program === undefined ? "" : `, unpacked ${megabytes(program.bytes)}`;
  return `${name.padEnd(36)}${megabytes(bytes).padStart(9)}  ${sha256.slice(0, 16)}…${unpacked}\n`;
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
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
