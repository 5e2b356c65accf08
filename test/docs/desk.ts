import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { redirected } from "../chart/chart.ts";
import { findProgram } from "../chart/programs.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { home } from "./pages.ts";

export interface Ran {
  readonly code: number;
  /** Both streams, in the order in which a terminal would have shown them. */
  readonly output: string;
}

/** Somebody at a shell, in a clone of this repository, with kubectl at the cluster. */
export interface Desk {
  /** The folder they are in; `manifests` is the clone's. */
  readonly dir: string;
  /** Not stopped at a command that fails, as a terminal is not. */
  type(script: string): Promise<Ran>;
  /** Stopped at the first that fails, as a script is that somebody trusts. */
  run(script: string): Promise<Ran>;
}

export interface DeskOptions {
  /** Where the guard listens on this machine: what Helm installs leads there. */
  readonly guardPort: number;
  /** Further programs, each a script of a shell. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Before the desk's own on PATH. */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the plugin is on PATH from the start; it is, unless a page installs it. */
  readonly plugin?: boolean;
}

export async function deskAt(cp: ControlPlane, options: DeskOptions): Promise<Desk> {
  const { guardPort, programs = {}, path = [], plugin = true } = options;
  const [bin, dir] = [join(cp.dir, "desk", "bin"), join(cp.dir, "desk", "here")];
  for (const folder of [bin, dir]) mkdirSync(folder, { recursive: true });
  symlinkSync(join(home, "manifests"), join(dir, "manifests"));
  if (plugin)
    symlinkSync(join(home, "plugin", "kubectl-linkerd_certs.mjs"), join(bin, "kubectl-linkerd_certs"));
  for (const [name, lines] of Object.entries({ helm: await helm(cp, guardPort), ...programs })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const folders = [...path, bin, dirname(process.execPath), dirname(cp.binaries.kubectl), "/usr/bin", "/bin"];
  const env = { PATH: folders.join(":"), HOME: dir, KUBECONFIG: cp.kubeconfig, ...options.env };
  return {
    dir,
    type: (script) => shell(script, ["-c"], dir, env),
    run: (script) => shell(script, ["-e", "-c"], dir, env),
  };
}

async function shell(
  script: string,
  flags: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  // In a session of its own: what would ask at a terminal finds none, whoever runs the tests.
  const child = spawn("/bin/sh", [...flags, `exec 2>&1\n${script}`], { cwd, env, detached: true });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stdin.end();
  const [code] = await once(child, "close");
  return { code: code ?? -1, output };
}

/** Helm, for which the chart's Service leads to the guard on this machine. */
async function helm(cp: ControlPlane, port: number): Promise<string> {
  return [
    `for word; do shift; [ "$word" = manifests/chart ] && word=${redirected(cp.dir)}; set -- "$@" "$word"; done`,
    `case $1 in install | upgrade) set -- "$@" --set service.port=${port} ;; esac`,
    `exec ${await findProgram("helm")} "$@"`,
  ].join("\n");
}
