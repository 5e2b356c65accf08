import { randomBytes } from "node:crypto";
import type { ClientRequest, IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import type { Duplex } from "node:stream";
import type { Access } from "../access/access.ts";
import { Failure } from "../failure.ts";

/** A connection that the server has agreed to make into something else, and what came with its answer. */
export interface Upgraded {
  readonly connection: Duplex;
  readonly already: Buffer;
}

/** Asks for a WebSocket of that protocol; gives the connection, or the response of a server that does not agree. */
export async function upgrade(
  access: Access,
  agent: Agent,
  { path, query, signal }: Pick<Call, "path" | "query" | "signal">,
  protocol: string,
): Promise<Upgraded | IncomingMessage> {
  const { headers, ...credentials } = await access.credentials();
  return new Promise((resolve, reject) => {
    const sent = request(urlOf(access.server, { method: "GET", path, query, signal }), {
      agent,
      ...credentials,
      signal,
      headers: {
        ...headers,
        "user-agent": "linkerd-certs",
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": randomBytes(16).toString("base64"),
        "sec-websocket-protocol": protocol,
      },
    });
    onceAborted(signal, sent, reject);
    sent.on("upgrade", (_response, connection, already) => resolve({ connection, already }));
    sent.on("response", resolve);
    sent.on("error", reject);
    insistOnTunnel(sent);
    sent.end();
  });
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  readonly signal: AbortSignal;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Sends one request and gives its response as soon as it begins. */
export async function send(access: Access, agent: Agent, call: Call): Promise<IncomingMessage> {
  const response = await once(access, agent, call);
  if (response.statusCode !== 401 || access.renew === undefined) return response;
  // A remembered login may have been revoked before its time: log in once more.
  response.resume();
  access.renew();
  return once(access, agent, call);
}

async function once(access: Access, agent: Agent, call: Call): Promise<IncomingMessage> {
  const { headers, ...credentials } = await access.credentials();
  const text = call.body === undefined ? undefined : JSON.stringify(call.body);
  const attempt = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(
        urlOf(access.server, call),
        {
          agent,
          // Node's agent keeps connections apart by these, so a rotated certificate gets its own.
          ...credentials,
          method: call.method,
          signal: call.signal,
          headers: {
            accept: "application/json",
            "user-agent": "linkerd-certs",
            ...headers,
            ...(text === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
          },
        },
        resolve,
      );
      // A peer that vanishes without a word is noticed after about 25 s.
      sent.on("socket", (socket) => socket.setKeepAlive(true, 15_000));
      insistOnTunnel(sent);
      onceAborted(call.signal, sent, reject);
      sent.on("error", (error) => reject(sent.reusedSocket ? new Stale(error) : error));
      sent.end(text);
    });
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
    // The server closed an idle connection while we reached for it; only a read may be sent twice.
    if (call.method !== "GET" || call.signal.aborted) throw error.cause;
    return attempt();
  }
}

/** Node says it only once a request has its connection, and a proxy may never give it one. */
function onceAborted(signal: AbortSignal, sent: ClientRequest, reject: (reason: unknown) => void): void {
  const aborted = () => reject(signal.reason);
  signal.addEventListener("abort", aborted);
  sent.on("close", () => signal.removeEventListener("abort", aborted));
}

/** Else a proxy's refusal would pass for the API server's. */
function insistOnTunnel(sent: ClientRequest): void {
  sent.on("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
    if (statusCode === 200) return;
    const hint =
      statusCode === 407
        ? "Put its user and password into the proxy's address: http://user:password@…"
        : "Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.";
    sent.destroy(new Failure(`the proxy lets nobody through to the API server (${statusCode})`, hint));
  });
}

class Stale extends Error {
  constructor(cause: unknown) {
    super("the kept connection was gone", { cause });
  }
}

function urlOf(server: URL, { path, query }: Call): URL {
  // The address may have a path of its own: https://rancher.example/k8s/clusters/c-1.
  const url = new URL(server.pathname.replace(/\/$/, "") + path, server);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}
