import { spawn } from "node:child_process";
import { once } from "node:events";

export interface KubectlOptions {
  readonly stdin?: string;
  /** Acts as this user, by impersonation: "alice", "system:serviceaccount:linkerd:linkerd-identity". */
  readonly user?: string;
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlResult>;

export function kubectlFor(program: string, defaultKubeconfig: string, dir: string): Kubectl {
  return async (args, { stdin = "", user, kubeconfig = defaultKubeconfig, env = {} } = {}) => {
    const as = user === undefined ? [] : [`--as=${user}`];
    const child = spawn(program, [...args, ...as], {
      cwd: dir,
      // HOME is where kubectl caches what the API server offers.
      env: { PATH: process.env["PATH"], HOME: dir, KUBECONFIG: kubeconfig, ...env },
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] += text;
      });
    }
    child.stdin.on("error", () => {}); // it may end without reading everything
    child.stdin.end(stdin);
    const [code, signal] = await once(child, "close");
    return {
      code: code ?? -1,
      stdout: output.stdout,
      stderr: signal ? `${output.stderr}ended by ${signal}` : output.stderr,
    };
  };
}
