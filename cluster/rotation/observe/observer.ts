import type { Sources } from "../../../trust/gather/gather.ts";
import type { LiveIssuer, RotationView } from "../../../trust/rotation/view.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import type { Cluster } from "../../connect.ts";
import type { Failure } from "../../failure.ts";
import type { SeenWorkload } from "../workloads/workloads.ts";
import type { ServerClock } from "./server-clock.ts";

/** One cluster, looked at all the time. */
export interface Observer {
  /** As it is now; undefined while something of it is out of sight: see `failure`. */
  view(): RotationView | undefined;
  /** Why there is no view, or why it may be old. */
  readonly failure: Failure | undefined;
  /** Called when something that is watched has changed; gives back how to end that. */
  onChange(listener: () => void): () => void;
  /** Asks the API server itself for everything, past the watches. Throws a Failure where it does not answer in time. */
  confirm(timeoutMs: number): Promise<void>;
  /** The same for one object alone, after we have written it. */
  reread(what: "bundle" | "issuer"): Promise<void>;
  /** Looks at the leaves that these workloads' proxies serve, each at most once a minute; what is seen is in the view. */
  lookAtLeaves(workloads: ReadonlySet<string>, issuer: LiveIssuer): void;
  /** A look at leaves is under way. */
  readonly looking: boolean;
  /** The workload as last seen: "shop/deploy/web". */
  workload(id: string): SeenWorkload | undefined;
  /** What the guard's rules are asked with. */
  sources(): Sighted;
  readonly server: ServerClock;
  /** The same cluster, whose answers tell this observer the time. */
  readonly cluster: Cluster;
  /** A write of ours made this generation: until it is seen the workload counts as rolling. */
  expect(id: string, generation: number): void;
  /** What pods by dry-run got; undefined where none was tried since the bundle changed. */
  readonly proof: Injected | undefined;
  injected(proof: Injected): void;
  stop(): void;
}

export interface Injected {
  readonly anchors: readonly Certificate[];
  readonly at: Date;
  readonly namespace: string;
}

export type Sighted = Pick<Sources, "mesh" | "trustRoots" | "issuerSecret">;
