import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Failure } from "../../cluster/failure.ts";
import type { World } from "../world.ts";
import { fileFailure } from "./trouble.ts";

/** Bytes, and where they come from as people call it. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** A folder or a Secret, which hold all sorts of things, rather than a file that was named itself. */
  readonly mixed?: true;
}

/** A Kubernetes object holds at most 1 MiB; what is larger than this is no trust material. */
const limit = 16 * 1024 * 1024;
const mostFiles = 1000;

/** Reads a file, every file of a folder, or standard input ("-"). */
export async function readSources(path: string, world: World): Promise<readonly Source[]> {
  if (path === "-") return [{ name: "standard input", bytes: await readInput(world) }];
  const place = resolve(world.cwd, path);
  if ((await attempt(path, () => stat(place))).isDirectory()) return readFolder(path, place);
  return [await readFile(path, place)];
}

/** One file as a whole. */
export async function readFile(name: string, place: string): Promise<Source> {
  const file = await attempt(name, () => open(place, "r"));
  try {
    return { name, bytes: await attempt(name, () => readLimited(file, name)) };
  } finally {
    await file.close();
  }
}

// Not what lies in folders below, and no hidden files: a mounted Secret keeps its former versions there.
async function readFolder(name: string, place: string): Promise<readonly Source[]> {
  const names = (await attempt(name, () => readdir(place))).filter((one) => !one.startsWith(".")).sort();
  if (names.length > mostFiles)
    throw new Failure(`${name} holds ${names.length} files, more than ${mostFiles}`, "Name the files.");
  const sources: Source[] = [];
  for (const one of names) {
    const file = join(place, one);
    const shown = join(name, one);
    if ((await attempt(shown, () => stat(file))).isFile())
      sources.push({ ...(await readFile(shown, file)), mixed: true });
  }
  return sources;
}

async function readLimited(file: FileHandle, name: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(256 * 1024) });
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > limit) throw tooLarge(name);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

async function readInput({ stdin, stderr, interrupted }: World): Promise<Uint8Array> {
  if (stdin.isTTY === true) stderr.write("reading from the terminal; Ctrl-D ends it\n");
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = () => stdin.emit("error", new Error("interrupted"));
  interrupted.addEventListener("abort", stop);
  try {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > limit) throw tooLarge("standard input");
      chunks.push(bytes);
    }
    return Buffer.concat(chunks);
  } finally {
    interrupted.removeEventListener("abort", stop);
  }
}

function tooLarge(name: string): Failure {
  const megabytes = limit / 1024 / 1024;
  return new Failure(
    `${name} is larger than ${megabytes} MiB, which no trust material is`,
    "Name the file with the certificates.",
  );
}

async function attempt<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof Failure ? error : fileFailure("read", name, error);
  }
}
