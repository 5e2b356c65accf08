import { spawnSync } from "node:child_process";

/**
 * The first twelve digits of the commit that a folder's files are of, "-dirty"
 * behind them if they changed since; empty where nobody knows. `told` is for
 * places without git, such as an image that is built: it is then taken.
 */
export function commitOf(folder: string, told = ""): string {
  if (told !== "") return told.replace(/^([0-9a-f]{12})[0-9a-f]+/, "$1");
  const words = ["describe", "--always", "--abbrev=12", "--exclude=*", "--dirty"];
  return spawnSync("git", words, { cwd: folder, encoding: "utf8" }).stdout?.trim() ?? "";
}
