import { harmless } from "../../../trust/harmless.ts";
import type { Cluster } from "../../connect.ts";
import { readAll } from "../../read.ts";

/** What the Warning events of workloads' pods say: asked for only where somebody does not come up. */
export interface Troubles {
  /** By a workload's id. */
  readonly known: ReadonlyMap<string, string>;
  /** These do not come up. Asks for their namespaces' events, each at most every quarter of a minute. */
  look(workloads: Iterable<string>, now: Date): void;
}

const everyMs = 15_000;
/** What is going well is well by then. */
const firstMs = 4_000;

/** Asks for the events of a namespace now and then, while something in it does not come up; `changed` says that there are some. */
export function watchTroubles(cluster: Cluster, signal: AbortSignal, changed: () => void): Troubles {
  const known = new Map<string, string>();
  const asked = new Map<string, number>();
  const since = new Map<string, number>();

  async function ask(namespace: string, ids: readonly string[]): Promise<void> {
    const latest = new Map<string, Warning>();
    await readAll(cluster, `/api/v1/namespaces/${namespace}/events`, {
      query: { fieldSelector: "type=Warning" },
      project: (object) => {
        const warning = object as Warning; // the path says so
        for (const id of ids)
          if (concerns(warning, id) && newer(warning, latest.get(id))) latest.set(id, warning);
        return undefined;
      },
      signal,
    }).catch(() => []); // a word more or less
    for (const [id, { reason = "", message = "" }] of latest)
      known.set(id, harmless(`${reason}: ${message}`, 300));
    if (latest.size > 0) changed();
  }

  return {
    known,
    look(workloads, now) {
      const at = now.getTime();
      const ids = new Set(workloads);
      for (const id of since.keys()) {
        if (ids.has(id)) continue;
        since.delete(id);
        known.delete(id);
      }
      for (const id of ids) since.set(id, since.get(id) ?? at);
      const due = [...ids].filter((id) => at - (since.get(id) ?? at) >= firstMs);
      for (const [namespace, some] of Map.groupBy(due, (id) => id.slice(0, id.indexOf("/")))) {
        if (at - (asked.get(namespace) ?? 0) < everyMs) continue;
        asked.set(namespace, at);
        void ask(namespace, some);
      }
    },
  };
}

interface Warning {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject?: { readonly name?: string };
}

// "shop/deploy/web": the workload itself, its ReplicaSets and its pods.
function concerns({ involvedObject }: Warning, id: string): boolean {
  const name = id.slice(id.lastIndexOf("/") + 1);
  const about = involvedObject?.name ?? "";
  return about === name || about.startsWith(`${name}-`);
}

function newer(one: Warning, other: Warning | undefined): boolean {
  const time = ({ lastTimestamp, eventTime }: Warning) => lastTimestamp ?? eventTime ?? "";
  return other === undefined || time(one) >= time(other);
}
