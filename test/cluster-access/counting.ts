import type { Cluster } from "../../cluster/connect.ts";

export interface Counting {
  readonly cluster: Cluster;
  lists: number;
  watches: number;
}

/** A cluster that counts what it is asked. */
export function counting(cluster: Cluster): Counting {
  const counts: Counting = {
    lists: 0,
    watches: 0,
    cluster: {
      ...cluster,
      list: (path, options) => {
        counts.lists++;
        return cluster.list(path, options);
      },
      lines: (path, options) => {
        counts.watches++;
        return cluster.lines(path, options);
      },
    },
  };
  return counts;
}
