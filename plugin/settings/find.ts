import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { World } from "../world.ts";

export interface SettingsFile {
  readonly path: string;
  /** For people: as short as it is clear. */
  readonly name: string;
}

const repoName = ".linkerd-certs.yaml";

/**
 * The files that are there, the nearest first: the repository's, looked for
 * from the working directory up to where .git is, then the person's own.
 * Outside a repository only the working directory counts: what lies in /tmp
 * or above is somebody else's.
 */
export function findSettings({ cwd, env }: Pick<World, "cwd" | "env">): readonly SettingsFile[] {
  const home = env["HOME"] ?? env["USERPROFILE"];
  const configHome = env["XDG_CONFIG_HOME"] || (home && join(home, ".config"));
  const own = configHome ? join(configHome, "kubectl-linkerd-certs", "config.yaml") : undefined;
  const inRepo = foldersUpTo(cwd)
    .map((folder) => join(folder, repoName))
    .find(existsSync);
  return [
    ...(inRepo === undefined ? [] : [{ path: inRepo, name: dirname(inRepo) === cwd ? repoName : inRepo }]),
    ...(own !== undefined && existsSync(own) ? [{ path: own, name: own }] : []),
  ];
}

function foldersUpTo(cwd: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder);
    if (existsSync(join(folder, ".git"))) return folders;
    if (dirname(folder) === folder) return [cwd];
  }
}
