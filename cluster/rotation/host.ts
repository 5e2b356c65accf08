/** The machine that a rotation is run from, and this run on it. */
export interface Host {
  /** For people: "laptop". */
  readonly name: string;
  /** Who runs it, where the API server does not say. */
  readonly user: string;
  /** Tells machines of the same name apart, and a machine from itself before its last start. */
  readonly machine: string;
  readonly pid: number;
  /** Whether a process of this machine still runs. */
  isRunning(pid: number): boolean;
}
