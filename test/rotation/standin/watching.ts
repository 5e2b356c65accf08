import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { splitLines } from "../../../cluster/wire/lines.ts";
import { type Api, mustApi } from "../../cluster/api.ts";
import type { StandInCluster } from "./settings.ts";

export interface Kept {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Told of every object that is there, was changed, or (undefined) is gone, and as of which resource version. */
export type Told<T> = (uid: string, object: T | undefined, version: string) => void;

export interface Watching {
  /** The first list has been told. */
  readonly synced: Promise<void>;
}

/** Lists and watches, as simply as that can be done, and begins anew whatever happens. */
export function watching<T extends Kept>(
  cluster: StandInCluster,
  api: Api,
  path: string,
  query: Readonly<Record<string, string>>,
  told: Told<T>,
): Watching {
  const known = new Set<string>();
  const agent = new Agent({ keepAlive: true });
  const tell = (object: T, gone: boolean) => {
    const { uid, resourceVersion } = object.metadata;
    if (gone) known.delete(uid);
    else known.add(uid);
    told(uid, gone ? undefined : object, resourceVersion);
  };

  const list = async (): Promise<string> => {
    const there = new Set<string>();
    let next = "";
    for (;;) {
      const words = new URLSearchParams({ ...query, limit: "500", ...(next ? { continue: next } : {}) });
      const page = await mustApi<Page<T>>(api, "GET", `${path}?${words}`);
      for (const item of page.items) {
        there.add(item.metadata.uid);
        tell(item, false);
      }
      next = page.metadata.continue ?? "";
      if (next !== "") continue;
      for (const uid of known) {
        if (there.has(uid)) continue;
        known.delete(uid);
        told(uid, undefined, page.metadata.resourceVersion);
      }
      return page.metadata.resourceVersion;
    }
  };

  const follow = async (version: string): Promise<void> => {
    const words = new URLSearchParams({ ...query, watch: "1", resourceVersion: version });
    for await (const line of splitLines(await stream(cluster, agent, `${path}?${words}`))) {
      const event = line as { type: string; object: T }; // watch.k8s.io's WatchEvent
      if (event.type === "ERROR") return;
      tell(event.object, event.type === "DELETED");
    }
  };

  const begin = async (synced: () => void): Promise<never> => {
    for (;;) {
      try {
        const version = await list();
        synced();
        await follow(version);
      } catch (error) {
        process.stderr.write(`${cluster.name} ${path}: ${String(error)}\n`);
      }
      await sleep(100);
    }
  };
  return { synced: new Promise((done) => void begin(done)) };
}

interface Page<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

function stream(cluster: StandInCluster, agent: Agent, path: string): Promise<AsyncIterable<Buffer>> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "application/json", authorization: `Bearer ${cluster.token}` };
    const ca = readFileSync(cluster.caFile);
    const call = request(new URL(path, cluster.server), { agent, ca, headers }, (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      reject(new Error(`the watch was answered ${response.statusCode}`));
    });
    call.on("error", reject);
    call.end();
  });
}
