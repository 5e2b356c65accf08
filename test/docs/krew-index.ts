import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { create } from "tar";
import { bundlePlugin } from "../../plugin/build.ts";
import { krewManifest } from "../../release/krew-manifest.ts";
import { nativePlatform, programOf } from "../../release/platforms.ts";
import { findKrew } from "../release/krew-programs.ts";
import { home } from "./pages.ts";

export interface Published {
  /** kubectl-krew, as a script: krew itself, for which the release on GitHub is the one on this machine. */
  readonly krew: string;
  /** Where krew links what it installs: it belongs on PATH. */
  readonly bin: string;
  close(): void;
}

/**
 * The plugin where krew downloads it from. What it downloads is the bundle and a script that runs it by this Node;
 * that the one file of a release does the same is asked in test/release.
 */
export async function published(folder: string): Promise<Published> {
  const dist = join(folder, "dist");
  const archive = await archived(dist);
  const { krew } = await findKrew();
  const root = join(folder, "krew");
  const index = join(folder, "index");
  emptyIndex(index);
  const env = { KREW_ROOT: root, KREW_DEFAULT_INDEX_URI: index, KREW_NO_UPGRADE_CHECK: "1" };
  must(krew, ["update"], folder, { ...process.env, ...env });

  const server = createServer((request, response) =>
    response.end(readFileSync(join(dist, request.url ?? ""))),
  );
  server.unref();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // as it is of a TCP server
  writeFileSync(join(dist, "linkerd-certs.yaml"), krewManifest("0.1.0", baseUrl, [archive]));
  const lines = [
    ...Object.entries(env).map(([name, value]) => `export ${name}=${value}`),
    `for word; do shift; case $word in *=https://github.com/*) word="\${word%%=*}=${baseUrl}/\${word##*/}" ;; esac; set -- "$@" "$word"; done`,
    `exec ${krew} "$@"`,
  ];
  return { bin: join(root, "bin"), krew: lines.join("\n"), close: () => server.close() };
}

async function archived(dist: string) {
  const platform = nativePlatform(process.platform, process.arch);
  if (platform === undefined) throw new Error("nothing is released for this machine");
  const inside = join(dist, "inside");
  await bundlePlugin(inside);
  const program = programOf(platform);
  const script = `#!/bin/sh\nexec ${process.execPath} "$(dirname "$(readlink -f "$0")")/${program}.cjs" "$@"\n`;
  writeFileSync(join(inside, program), script);
  chmodSync(join(inside, program), 0o755);
  copyFileSync(join(home, "LICENSE"), join(inside, "LICENSE"));
  const name = "linkerd-certs.tar.gz";
  await create({ gzip: true, file: join(dist, name), cwd: inside }, readdirSync(inside));
  const sha256 = createHash("sha256")
    .update(readFileSync(join(dist, name)))
    .digest("hex");
  return { platform, name, sha256 };
}

/** In the place of krew's own, which is on GitHub; a krew that somebody has, has read one. */
function emptyIndex(folder: string): void {
  mkdirSync(join(folder, "plugins"), { recursive: true });
  writeFileSync(join(folder, "plugins", ".gitkeep"), "");
  must("git", ["init", "-q"], folder);
  must("git", ["add", "."], folder);
  must(
    "git",
    ["-c", "user.name=test", "-c", "user.email=test@example.test", "commit", "-qm", "An index"],
    folder,
  );
}

function must(program: string, words: readonly string[], cwd: string, env = process.env): void {
  const { status, stderr } = spawnSync(program, words, { cwd, env, encoding: "utf8", timeout: 60_000 });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
}
