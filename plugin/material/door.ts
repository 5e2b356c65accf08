import type { Cluster } from "../../cluster/connect.ts";
import type { Arguments } from "../command.ts";
import { requestTimeoutMs } from "../time.ts";
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
  const timeoutMs = requestTimeoutMs(args);
  const kubeconfig = args.text("kubeconfig");
  const open = new Map<string, Promise<Cluster>>();
  return {
    timeoutMs,

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
