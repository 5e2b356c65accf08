import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { type AnswerReview, createApp } from "./app.ts";
import type { ServerConfig } from "./config.ts";
import { createHealthApp } from "./health-app.ts";
import type { Log } from "./log/log.ts";
import type { Metrics } from "./metrics.ts";
import type { ServingCertificate } from "./serving/certificate.ts";

export interface ServerOptions {
  readonly config: ServerConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Started by the caller. */
  readonly certificate: Pick<ServingCertificate, "onChange" | "problems">;
  readonly answer: AnswerReview;
  readonly ready: () => { readonly ready: boolean; readonly reasons: readonly string[] };
}

export interface Server {
  readonly port: number;
  readonly metricsPort: number;
  /**
   * Stops without losing a request: says "not ready" but goes on serving for
   * drainSeconds, asking clients to leave their connections; then waits for
   * the requests in flight.
   */
  drain(): Promise<void>;
  /** Stops at once. */
  close(): Promise<void>;
}

/** Listens on both ports; resolves when it does. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, log, metrics, certificate } = options;
  let draining = false;
  const unready = () => {
    const { ready, reasons } = options.ready();
    return [
      ...(draining ? ["it is shutting down"] : []),
      ...certificate.problems(),
      ...(ready ? [] : reasons.length > 0 ? reasons : ["it is starting"]),
    ];
  };

  const app = createApp({
    bodyLimitBytes: config.bodyLimitBytes,
    log,
    metrics,
    answer: options.answer,
    draining: () => draining,
  });
  const gate = https.createServer({ ...tls, ...timeouts(config) }, app);
  gate.keepAliveTimeout = 90_000; // not before the API server, which lets go after 90 s
  gate.maxConnections = 1024;
  gate.on("tlsClientError", (error) => {
    metrics.handshakeFailed();
    log.debug({ error }, "a connection failed in its TLS handshake");
  });
  certificate.onChange(({ certificate: cert, key }) => gate.setSecureContext({ ...tls, cert, key }));
  const health = http.createServer(timeouts(config), createHealthApp({ metrics, unready }));
  health.maxConnections = 128;

  const inFlight = countRequests(gate);
  const servers = [gate, health];
  try {
    const [port = 0, metricsPort = 0] = await Promise.all([
      listen(gate, config.port),
      listen(health, config.metricsPort),
    ]);
    return {
      port,
      metricsPort,
      async drain() {
        draining = true;
        await sleep(config.drainSeconds * 1000);
        // Node looks at timers before sockets: what has arrived by now is read first, lest its connection count as idle.
        await immediate();
        gate.close(); // and with it the connections that are idle
        await Promise.race([inFlight.none(), sleep(config.requestTimeoutMs, undefined, { ref: false })]);
        await Promise.all(servers.map(closeNow));
      },
      async close() {
        draining = true;
        await Promise.all(servers.map(closeNow));
      },
    };
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
}

// Some API servers in FIPS mode speak nothing newer than TLS 1.2.
const tls: https.ServerOptions = { minVersion: "TLSv1.2", handshakeTimeout: 10_000 };

function timeouts({ requestTimeoutMs }: ServerConfig): http.ServerOptions {
  return {
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(32_000, requestTimeoutMs),
    connectionsCheckingInterval: Math.min(5000, requestTimeoutMs),
    maxHeaderSize: 16 * 1024,
  };
}

async function listen(server: http.Server | https.Server, port: number): Promise<number> {
  server.listen(port);
  await once(server, "listening");
  return (server.address() as AddressInfo).port; // an address, for it listens on TCP
}

async function closeNow(server: http.Server | https.Server): Promise<void> {
  const closed = server.listening ? once(server, "close") : undefined;
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Node calls a connection that has not asked anything yet active, so requests are counted instead. */
function countRequests(server: https.Server): { none(): Promise<void> } {
  let count = 0;
  let waiting: (() => void)[] = [];
  server.on("request", (_request, response) => {
    count++;
    response.once("close", () => {
      if (--count > 0) return;
      for (const tell of waiting) tell();
      waiting = [];
    });
  });
  return {
    none: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
