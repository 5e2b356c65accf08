import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { create } from "tar";

/** A file of an archive. */
export interface Entry {
  readonly name: string;
  readonly from: string;
  readonly executable?: boolean;
}

/**
 * Writes .tar.gz (or .tgz), .tar or .zip, whichever the name ends in: these
 * files and nothing else, in this order, all of one time, nobody's. The same
 * files give the same bytes. `folder` is for what is needed meanwhile.
 */
export async function writeArchive(
  to: string,
  entries: readonly Entry[],
  { at, folder }: { readonly at: Date; readonly folder: string },
): Promise<void> {
  if (to.endsWith(".zip")) writeFileSync(to, zipSync(zippable(entries, at), { level: 9 }));
  else await writeTar(to, entries, { at, folder });
}

async function writeTar(
  file: string,
  entries: readonly Entry[],
  { at, folder }: { readonly at: Date; readonly folder: string },
): Promise<void> {
  const cwd = join(folder, "archive");
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd, { recursive: true });
  for (const { name, from, executable } of entries) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    copyFileSync(from, join(cwd, name));
    // krew gives a file the mode that it has in the archive.
    chmodSync(join(cwd, name), executable ? 0o755 : 0o644);
    utimesSync(join(cwd, name), at, at);
  }
  const names = entries.map(({ name }) => name);
  const gzip = file.endsWith(".tar") ? {} : { gzip: { level: 9 } };
  await create({ file, cwd, portable: true, mtime: at, ...gzip }, names);
  rmSync(cwd, { recursive: true });
}

function zippable(entries: readonly Entry[], at: Date): Zippable {
  // A zip has the time of nobody knows which zone.
  const mtime = new Date(at.getTime() + at.getTimezoneOffset() * 60_000);
  return Object.fromEntries(
    entries.map(({ name, from, executable }) => [
      name,
      [readFileSync(from), { mtime, os: 3, attrs: (executable ? 0o100755 : 0o100644) << 16 }],
    ]),
  );
}
