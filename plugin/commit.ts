import { spawnSync } from "node:child_process";

/** The commit that a folder's files are of, "-dirty" if they changed since; empty where nobody knows. */
export function commitOf(folder: string): string {
  const words = ["describe", "--always", "--abbrev=12", "--exclude=*", "--dirty"];
  return spawnSync("git", words, { cwd: folder, encoding: "utf8" }).stdout?.trim() ?? "";
}
