import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Asked {
  /** Each program that was to be run, with its words as the shell hands them over. */
  readonly calls: readonly (readonly string[])[];
  /** What the shell itself says: a word that is no program, a quote that is not closed. */
  readonly complaint: string;
}

// Says who was called and with which words, and does nothing.
const stub = `#!/bin/sh
printf '%s\\0' "\${0##*/}" "$@" > "$ASKED/$$"
`;

/**
 * What a script would run, in the words of a real shell: every one of these programs is a stub that notes its words
 * and succeeds. Anything else is not found.
 */
export function asked(script: string, programs: readonly string[]): Asked {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-docs-"));
  try {
    for (const name of ["bin", "asked", "here"]) mkdirSync(join(dir, name));
    writeFileSync(join(dir, "stub"), stub);
    chmodSync(join(dir, "stub"), 0o755);
    for (const name of programs) symlinkSync(join(dir, "stub"), join(dir, "bin", name));
    const env = { PATH: join(dir, "bin"), HOME: join(dir, "here"), ASKED: join(dir, "asked") };
    const { stderr } = spawnSync("/bin/sh", ["-c", script], {
      ...{ cwd: join(dir, "here"), env, encoding: "utf8", timeout: 20_000 },
    });
    const calls = readdirSync(env.ASKED).map((file) =>
      readFileSync(join(env.ASKED, file), "utf8").split("\0").slice(0, -1),
    );
    return { calls, complaint: stderr };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
