import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { anchor, hour, leaf } from "../certificates/index.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { writeKubeconfig } from "../cluster/kubeconfig.ts";

export interface Meddling {
  /** Each request waits that long first. */
  readonly delayMs: number;
  /** This share of all requests is answered 429 or 503 in turns, with Retry-After: 1. */
  readonly refusedShare: number;
  /** A watch is cut off after so long. */
  readonly watchMs: number;
}

/** A load balancer in front of an API server, as bad as it is told to be. It counts what comes through. */
export interface Meddler {
  readonly server: string;
  readonly caFile: string;
  readonly kubeconfig: string;
  set(meddling: Partial<Meddling>): void;
  /** "PATCH deployments": how many, since it began or was reset. */
  readonly requests: ReadonlyMap<string, number>;
  readonly total: number;
  readonly refused: number;
  reset(): void;
  /** All connections end now, and new ones are refused while it is away. */
  away(ms: number): Promise<void>;
  stop(): void;
}

export async function startMeddler(cp: ControlPlane, name = "meddled"): Promise<Meddler> {
  const times = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour) };
  const authority = anchor("meddler", times);
  const serving = leaf(authority, { ...times, name: "127.0.0.1", sans: ["ip:127.0.0.1"] });
  const agent = new Agent({ keepAlive: true, ca: readFileSync(cp.caFile) });
  let meddling: Meddling = { delayMs: 0, refusedShare: 0, watchMs: Number.POSITIVE_INFINITY };
  const requests = new Map<string, number>();
  let [refused, turn, gone] = [0, 0, false];

  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (gone) return void asked.socket.destroy();
    const url = new URL(asked.url ?? "/", cp.server);
    const watches = url.searchParams.has("watch");
    const what = `${watches ? "WATCH" : asked.method} ${resourceIn(url.pathname)}`;
    requests.set(what, (requests.get(what) ?? 0) + 1);
    if (meddling.delayMs > 0) await sleep(meddling.delayMs);
    if (Math.random() < meddling.refusedShare) {
      refused++;
      asked.resume();
      return refuse(response, turn++ % 2 === 0 ? 429 : 503);
    }
    const { host: _, ...headers } = asked.headers;
    const upstream = request(url, { agent, method: asked.method ?? "GET", headers }, (real) => {
      response.writeHead(real.statusCode ?? 502, real.headers);
      response.flushHeaders(); // a watch may have nothing to say for long
      real.pipe(response);
      real.on("error", () => response.destroy());
      if (watches && Number.isFinite(meddling.watchMs))
        setTimeout(() => response.destroy(), meddling.watchMs * (0.5 + Math.random()));
    });
    upstream.on("error", () => response.destroy());
    response.on("close", () => upstream.destroy());
    asked.pipe(upstream);
  };

  const server = createServer({ cert: serving.pem, key: serving.keyPem }, (asked, response) => {
    answer(asked, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  server.unref();
  server.on("connection", (socket) => socket.on("error", () => {}));
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // an address, for it listens on TCP
  const caFile = join(cp.dir, `${name}-ca.crt`);
  writeFileSync(caFile, authority.pem);
  const address = `https://127.0.0.1:${port}`;
  return {
    server: address,
    caFile,
    kubeconfig: writeKubeconfig(join(cp.dir, name), address, caFile, cp.token),
    set: (changed) => {
      meddling = { ...meddling, ...changed };
    },
    requests,
    get total() {
      return [...requests.values()].reduce((sum, count) => sum + count, 0);
    },
    get refused() {
      return refused;
    },
    reset: () => {
      requests.clear();
      refused = 0;
    },
    async away(ms) {
      gone = true;
      server.closeAllConnections();
      await sleep(ms);
      gone = false;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}

// "/apis/apps/v1/namespaces/shop/deployments/web" is of deployments.
function resourceIn(path: string): string {
  const words = path.split("/").filter((word) => word !== "");
  const rest = words[0] === "api" ? words.slice(2) : words.slice(3);
  return (rest[0] === "namespaces" && rest.length > 2 ? rest[2] : rest[0]) ?? path;
}

function refuse(response: ServerResponse, code: 429 | 503): void {
  const reason = code === 429 ? "TooManyRequests" : "ServiceUnavailable";
  const message = code === 429 ? "the server has received too many requests" : "apiserver not ready";
  const body = { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, code };
  response.writeHead(code, { "content-type": "application/json", "retry-after": "1" });
  response.end(JSON.stringify(body));
}
