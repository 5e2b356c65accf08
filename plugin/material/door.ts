import type { Cluster } from "../../cluster/connect.ts";
import { type Arguments, UsageError } from "../command.ts";
import { durationMs } from "../survey/duration.ts";
import type { World } from "../world.ts";

/** The way to clusters, which opens at the first knock. */
export interface Door {
  readonly timeoutMs: number;
  /** By default the context that the words name, else the current one. */
  cluster(context?: string): Promise<Cluster>;
  close(): void;
}

/** Who watches needs a connection for each watch. */
export function clusterDoor(args: Arguments, world: World, connections?: number): Door {
  const time = args.text("request-timeout") ?? "10s";
  const timeoutMs = durationMs(time);
  if (timeoutMs === undefined) throw new UsageError(`--request-timeout ${time}: must be a time like 10s`);
  const kubeconfig = args.text("kubeconfig");
  const open = new Map<string, Promise<Cluster>>();
  return {
    timeoutMs: timeoutMs || 60_000,

    cluster(context = args.text("context")) {
      const name = context ?? "";
      const known = open.get(name);
      if (known !== undefined) return known;
      const connecting = world.connect({
        timeoutMs,
        ...(connections === undefined ? {} : { connections }),
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
      });
      open.set(name, connecting);
      return connecting;
    },

    close() {
      for (const connecting of open.values()) {
        connecting.then(
          (cluster) => cluster.close(),
          () => {}, // it never was open
        );
      }
    },
  };
}
