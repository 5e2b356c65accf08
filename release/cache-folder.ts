import { homedir } from "node:os";
import { join } from "node:path";

/** Where Node's binaries are kept between builds. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "linkerd-certs", "node");
}
