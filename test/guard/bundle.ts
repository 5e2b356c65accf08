import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleGuard } from "../../webhook/build.ts";

let built: Promise<string> | undefined;

/** The guard as it is shipped, built once for this process; gone when the process is. */
export function bundledGuard(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-bundle-"));
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  await bundleGuard(dir);
  return join(dir, "webhook.cjs");
}
