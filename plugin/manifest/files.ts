import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Failure } from "../../cluster/failure.ts";
import { notFetched } from "../material/trouble.ts";
import type { World } from "../world.ts";

export interface SourceFile {
  /** As it was named; "stdin". */
  readonly file: string;
  readonly bytes: Buffer;
}

/** Larger than any manifest we have heard of. */
const largest = 64 * 1024 * 1024;

/** What -f names, in kubectl's order: a file, a folder's *.yaml, *.yml and *.json, or "-" for standard input. */
export async function* readFiles(
  names: readonly string[],
  world: Pick<World, "cwd" | "stdin">,
  recursive: boolean,
): AsyncGenerator<SourceFile> {
  for (const name of names) {
    if (name === "-") yield { file: "stdin", bytes: await readStdin(world.stdin) };
    else for (const file of await filesAt(name, world.cwd, recursive)) yield await readOne(file, world.cwd);
  }
}

/** Why bytes are no text at all; undefined where they are. */
export function notText(bytes: Buffer): string | undefined {
  return !isUtf8(bytes) || bytes.includes(0) ? "not a text file" : undefined;
}

async function filesAt(name: string, cwd: string, recursive: boolean): Promise<string[]> {
  const path = resolve(cwd, name);
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (!found.isDirectory()) return [name];
  const entries = await readdir(path, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const inside = join(name, entry.name);
    if (entry.isDirectory()) {
      if (recursive && entry.name !== ".git" && entry.name !== "node_modules")
        files.push(...(await filesAt(inside, cwd, recursive)));
    } else if (/\.(ya?ml|json)$/.test(entry.name)) files.push(inside);
  }
  return files;
}

async function readOne(file: string, cwd: string): Promise<SourceFile> {
  try {
    const path = resolve(cwd, file);
    if ((await stat(path)).size > largest) throw tooLarge(file);
    return { file, bytes: await readFile(path) };
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(file, error);
  }
}

async function readStdin(stdin: World["stdin"]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largest) throw tooLarge("stdin");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function tooLarge(file: string): Failure {
  return new Failure(`${file} is larger than ${largest / 1048576} MiB`, "Split it.");
}

function unreadable(file: string, error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? "unexpected"})`;
  const { what, hint } = notFetched(file) ?? {
    what: why,
    hint: "Name a file, a folder, or - for standard input.",
  };
  return new Failure(`${file}: ${what}`, hint);
}
