import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundlePlugin } from "../../plugin/build.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";

export interface Kubeconfig {
  readonly clusters: readonly {
    readonly name: string;
    readonly cluster: Readonly<Record<string, unknown>>;
  }[];
  readonly contexts: readonly object[];
  readonly users: readonly object[];
  readonly "current-context"?: string;
}

export interface Bundled {
  readonly folder: string;
  readonly program: string;
  /** The control plane's own kubeconfig. */
  readonly config: Kubeconfig;
  /** Runs the plugin as it is shipped; $HOME is an empty folder. */
  run(words: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** A kubeconfig of this content; gives its path. */
  write(content: object | string): string;
  /** The control plane's kubeconfig, with this in its cluster's place. */
  withCluster(cluster: Readonly<Record<string, unknown>>): string;
  withUser(user: object): string;
  end(): void;
}

export interface RunOptions {
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The plugin as it is shipped, and kubeconfigs for it. Not spawnSync: a test's own proxy has to answer meanwhile. */
export async function bundledPlugin(cp: ControlPlane): Promise<Bundled> {
  const folder = mkdtempSync(join(tmpdir(), "linkerd-certs-bundled-"));
  await bundlePlugin(join(folder, "dist"));
  mkdirSync(join(folder, "home"));
  const program = join(folder, "dist", "kubectl-linkerd_certs.cjs");
  const config: Kubeconfig = JSON.parse(readFileSync(cp.kubeconfig, "utf8"));
  let files = 0;
  const write = (content: object | string) => {
    const file = join(folder, `kubeconfig-${files++}`);
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };
  return {
    folder,
    program,
    config,
    write,
    withCluster: (cluster) =>
      write({
        ...config,
        clusters: [{ name: "test", cluster: { ...config.clusters[0]?.cluster, ...cluster } }],
      }),
    withUser: (user) => write({ ...config, users: [{ name: "test", user }] }),
    async run(words, { kubeconfig = cp.kubeconfig, env = {}, cwd = folder, stdin = "" } = {}) {
      const child = spawn(process.execPath, [program, ...words], {
        cwd,
        env: { HOME: join(folder, "home"), PATH: process.env["PATH"], KUBECONFIG: kubeconfig, ...env },
      });
      const output = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const)
        child[stream].setEncoding("utf8").on("data", (text: string) => {
          output[stream] += text;
        });
      child.stdin.on("error", () => {}); // it may end without reading
      child.stdin.end(stdin);
      const [code] = await once(child, "close");
      return { code: code ?? -1, ...output };
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a check says that came through to a cluster without Linkerd. */
export const through = /error: [^\n]*no [^\n]*namespace "?linkerd/i;

/** One line of what happened, one of the way out. */
export const oneLineAndHint = /^linkerd-certs: error: [^\n]+\nlinkerd-certs: hint: [^\n]+\n$/;
