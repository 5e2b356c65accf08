import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import pinned from "./node.json" with { type: "json" };
import type { Platform } from "./platforms.ts";

/** Node for a platform, and the licences of all that is in it (some packages come without). */
export interface Node {
  readonly version: string;
  readonly program: string;
  readonly licence: string | undefined;
}

export const nodeVersion: string = pinned.version;

/**
 * Node's own binary for a platform from the npm registry, kept in a cache
 * folder. What came is checked against the hash in node.json before anything
 * of it is used; throws where it is another.
 */
export async function fetchNode({ node: name, os }: Platform, cache: string): Promise<Node> {
  const folder = join(cache, `${name}-${pinned.version}`);
  const program = join(folder, "bin", os === "windows" ? "node.exe" : "node");
  const licence = join(folder, "LICENSE");
  if (!existsSync(program)) await download(name, folder);
  return { version: pinned.version, program, licence: existsSync(licence) ? licence : undefined };
}

async function download(name: string, folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}.tmp`;
  mkdirSync(unfinished, { recursive: true });
  try {
    // "npm pack" asks the registry that the person has set up, and installs and runs nothing.
    const packed = spawnSync("npm", ["pack", "--silent", `${name}@${pinned.version}`], {
      cwd: unfinished,
      stdio: ["ignore", "ignore", 2],
      shell: process.platform === "win32",
    });
    if (packed.status !== 0) throw new Error(`${name}@${pinned.version} did not come from the npm registry`);
    const file = join(unfinished, `${name}-${pinned.version}.tgz`);
    insist(name, readFileSync(file));
    await extract({ file, cwd: unfinished, strip: 1, filter: (path) => wanted.test(path) });
    rmSync(file);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

const wanted = /^package\/(bin\/node(\.exe)?|LICENSE)$/;

/** Throws where a package is not the one that node.json means. */
export function insist(name: string, packed: Uint8Array): void {
  const expected: string | undefined = (pinned.integrity as Readonly<Record<string, string>>)[name];
  const found = `sha512-${createHash("sha512").update(packed).digest("base64")}`;
  if (found !== expected)
    throw new Error(`${name}@${pinned.version} is not what release/node.json expects: ${found}`);
}
