import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A pod, as far as a Service knows it. */
export interface Endpoint {
  readonly port: number;
  /** Whether /readyz said 200. */
  isReady(): Promise<boolean>;
}

/** What stands for a Service: kubelet's probes, and kube-proxy, which hears of their outcome a moment later. */
export interface Balancer {
  readonly port: number;
  /** From now on connections come to it, whenever it is ready. */
  add(endpoint: Endpoint): void;
  /** It is being deleted: new connections still come for as long as the lag; those it has stay. */
  remove(endpoint: Endpoint): void;
  /** The ports that new connections go to. */
  rotation(): readonly number[];
  /** How many connections met nobody behind the port that they were sent to. */
  readonly unmet: number;
  /** How many connections to that port are open now. */
  open(port: number): number;
  close(): Promise<void>;
}

const probeMs = 200;
/** From a probe's outcome to the last node that knows it. */
const lagMs = 500;

/** Listens on loopback. */
export async function startBalancer(): Promise<Balancer> {
  const endpoints = new Map<Endpoint, boolean>();
  const inRotation = new Set<number>();
  const sockets = new Map<Socket, number | undefined>();
  let unmet = 0;
  let turn = 0;
  let closed = false;

  const server = createServer((client) => {
    const ports = [...inRotation];
    const port = ports[turn++ % ports.length];
    sockets.set(client, undefined);
    client.on("error", () => {});
    client.on("close", () => sockets.delete(client));
    if (port === undefined) {
      unmet++;
      client.destroy();
      return;
    }
    const upstream = connect(port, "127.0.0.1");
    let met = false;
    upstream.on("connect", () => {
      met = true;
      sockets.set(upstream, port);
    });
    // Not resetAndDestroy: of a socket that is ending it leaves a handle that never closes.
    upstream.on("error", () => {
      if (!met) unmet++;
      client.destroy();
    });
    upstream.on("close", () => {
      sockets.delete(upstream);
      client.destroySoon();
    });
    client.on("close", () => upstream.destroySoon());
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const hear = async (endpoint: Endpoint, ready: boolean) => {
    endpoints.set(endpoint, ready);
    if (ready) inRotation.add(endpoint.port);
    else await sleep(lagMs, undefined, { ref: false });
    if (endpoints.get(endpoint) !== true) inRotation.delete(endpoint.port);
  };
  const probe = async (endpoint: Endpoint) => {
    for (; !closed && endpoints.has(endpoint); await sleep(probeMs, undefined, { ref: false })) {
      const ready = await endpoint.isReady().catch(() => false);
      if (endpoints.has(endpoint)) void hear(endpoint, ready);
    }
  };
  const forget = async ({ port }: Endpoint) => {
    await sleep(lagMs, undefined, { ref: false });
    inRotation.delete(port);
  };

  return {
    port: (server.address() as AddressInfo).port, // an address, for it listens on TCP
    add(endpoint) {
      endpoints.set(endpoint, false);
      void probe(endpoint);
    },
    remove(endpoint) {
      endpoints.delete(endpoint);
      void forget(endpoint);
    },
    rotation: () => [...inRotation],
    get unmet() {
      return unmet;
    },
    open: (port) => [...sockets.values()].filter((other) => other === port).length,
    async close() {
      closed = true;
      const ended = once(server, "close");
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
      await ended;
    },
  };
}
