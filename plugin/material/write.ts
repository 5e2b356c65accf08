import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Failure } from "../../cluster/failure.ts";
import { findPrivateKeys } from "../../trust/x509/index.ts";
import type { World } from "../world.ts";
import { fileFailure } from "./trouble.ts";

export interface NewFile {
  /** As it was named. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

export interface Replacement extends NewFile {
  /** Whether a file of that text may go; without it any may that holds no private key. */
  readonly replaces?: (text: string) => boolean;
}

/** Private keys are for their owner alone. */
export const keyMode = 0o600;
export const certificateMode = 0o644;

/** Refuses names that are taken: to be asked before anything is made. */
export function insistNew(paths: readonly string[], { cwd }: Pick<World, "cwd">): void {
  for (const [i, path] of paths.entries()) {
    if (exists(resolve(cwd, path))) throw taken(path);
    if (paths.indexOf(path) !== i) throw new Failure(`${path} is named twice`, "Name different files.");
  }
}

/** Creates all the files or none. A file that is there already is never touched. */
export function createFiles(files: readonly NewFile[], world: Pick<World, "cwd">): void {
  const made: string[] = [];
  try {
    for (const file of files) {
      createFile(file, resolve(world.cwd, file.path));
      made.push(resolve(world.cwd, file.path));
    }
  } catch (error) {
    for (const one of made) rmSync(one, { force: true });
    throw error;
  }
}

/** Writes the file anew, whole or not at all. What holds a private key is never replaced. */
export function replaceFile(
  { path, content, mode, replaces = () => true }: Replacement,
  { cwd }: Pick<World, "cwd">,
): void {
  const named = resolve(cwd, path);
  try {
    const place = existsSync(named) ? realpathSync(named) : named;
    if (existsSync(place) && !lstatSync(place).isFile()) {
      writeFileSync(place, content);
      return;
    }
    const there = existsSync(place) ? readFileSync(place) : Buffer.alloc(0);
    if (findPrivateKeys(there).length > 0)
      throw new Failure(`${path} holds a private key and is not replaced`, "Name another file.");
    if (there.length > 0 && !replaces(there.toString())) throw taken(path);
    const draft = writeDraft(place, content, mode);
    try {
      renameSync(draft, place);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  } catch (error) {
    throw error instanceof Failure ? error : fileFailure("write", path, error);
  }
}

function createFile({ path, content, mode }: NewFile, place: string): void {
  let draft: string | undefined;
  try {
    draft = writeDraft(place, content, mode);
    // Unlike a rename, a link never takes the place of what somebody else has put there meanwhile.
    linkSync(draft, place);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw taken(path);
    if (draft === undefined || !["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error)))
      throw fileFailure("write", path, error);
    createInPlace(path, place, content, mode);
  } finally {
    if (draft !== undefined) rmSync(draft, { force: true });
  }
}

// Where the file system has no links.
function createInPlace(path: string, place: string, content: string, mode: number): void {
  try {
    writeFileSync(place, content, { flag: "wx", mode, flush: true });
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw taken(path);
    rmSync(place, { force: true });
    throw fileFailure("write", path, error);
  }
}

/** The content under another name in the same folder, safely on the disk. */
function writeDraft(place: string, content: string, mode: number): string {
  const draft = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString("hex")}`);
  const file = openSync(draft, "wx", mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return draft;
}

// A link that leads nowhere is there as well.
function exists(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}

function taken(path: string): Failure {
  return new Failure(
    `${path} is there already, and is not overwritten`,
    "Name other files, or move it away.",
  );
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
