import type { Choice } from "../cluster/access/kubeconfig.ts";
import type { Cluster, ClusterOptions } from "../cluster/connect.ts";
import type { Host } from "../cluster/rotation/host.ts";

export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Commands say the kubeconfig, the context and the time; reach.ts says the rest, for all of them. */
export interface ClusterChoice extends Choice, ClusterOptions {
  readonly timeoutMs?: number;
}

/**
 * All that a command may touch. Data goes to stdout; progress, questions and
 * errors to stderr. Tests hand in their own.
 */
export interface World {
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  clock(): Date;
  /** Only commands that need a cluster pay for its client. */
  connect(choice: ClusterChoice): Promise<Cluster>;
  /** The interrupt of the user: Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** The machine, and this process on it. */
  readonly host: Host;
  /** At least 0 and below 1, as Math.random. */
  chance(): number;
  /** "kubectl linkerd-certs" or the plain name, as it was called. */
  readonly calledAs: string;
}
