import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { World } from "../world.ts";
import { fileFailure } from "./trouble.ts";

/** Makes a folder, and those above it that are missing; one that is there stays as it is. Fails in one line that names it. */
export function makeFolder(folder: string, { cwd }: Pick<World, "cwd">, mode = 0o777): void {
  try {
    make(resolve(cwd, folder), mode);
  } catch (error) {
    throw fileFailure("write", folder, error);
  }
}

// Step by step: Node's own `recursive` never comes back where a folder is there and takes no new one (/proc).
function make(path: string, mode: number): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) make(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
