import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Access } from "./access/access.ts";
import { acting } from "./access/acting.ts";
import { agentFor, directAgent } from "./access/agent.ts";
import type { Choice } from "./access/kubeconfig.ts";
import { serviceAccountAccess, serviceAccountMounted } from "./access/service-account.ts";
import { deadline } from "./deadline.ts";
import type { Answer, LinesOptions, ListMeta, ListOptions, PodPort, RequestOptions } from "./request.ts";
import { forwardedPort, forwardProtocol } from "./wire/forward.ts";
import { splitItems } from "./wire/items.ts";
import { dateOf, readBody } from "./wire/json.ts";
import { splitLines } from "./wire/lines.ts";
import { failureOf, refusal } from "./wire/refusal.ts";
import { send, upgrade } from "./wire/send.ts";
import { unreachable } from "./wire/unreachable.ts";
import { warningsIn } from "./wire/warnings.ts";

/** An API server, as we may use it. What keeps it from answering is thrown as a Failure. */
export interface Cluster {
  /** For people: 'in-cluster, https://10.96.0.1'. */
  readonly describe: string;
  /**
   * One request within a time (10 s by default). Answers about the object are
   * given back, 404, 409 and 422 too; 401, 403, 429 and 5xx are thrown.
   */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** One page of a list, item by item as it arrives; everything but success is thrown. */
  list(path: string, options: ListOptions): Promise<ListMeta>;
  /** A watch's JSON lines, until the server ends it; everything but success is thrown. */
  lines(path: string, options: LinesOptions): AsyncIterable<unknown>;
  /** A connection to a pod's port, through the API server and the pod's node. */
  forward(
    pod: PodPort,
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<Duplex>;
  /** Ends every connection but forwarded ones. */
  close(): void;
}

export interface ClusterOptions {
  /** How many at once; by default as many as there are requests. */
  readonly connections?: number;
  /** Given each warning of the API server about a write. */
  warn?(text: string): void;
  /** Given a line for each request. */
  trace?(line: string): void;
}

/**
 * Connects with a kubeconfig where one is named, by the ServiceAccount where
 * one is mounted, else with the kubeconfig that kubectl would use.
 */
export async function connect(choice: Choice & ClusterOptions = {}): Promise<Cluster> {
  const { overrides = {} } = choice;
  const named = choice.kubeconfig ?? choice.context ?? overrides.cluster ?? overrides.user;
  const inCluster = !(named ?? process.env["KUBECONFIG"]) && serviceAccountMounted(process.env);
  if (inCluster) {
    const account = serviceAccountAccess(process.env, undefined, overrides);
    return clusterAt(acting(account, choice.as), choice);
  }
  // Not imported above: client-node's models come with it, and a guard in its pod never needs them.
  const { kubeconfigAccess } = await import("./access/kubeconfig.ts");
  const access = await kubeconfigAccess(choice, process.env);
  const agent = await agentFor(access.proxy, choice.connections);
  return clusterAt(acting(access, choice.as), choice, agent);
}

/** As connect, with a way in that is known already. */
export function clusterAt(
  access: Access,
  options: ClusterOptions = {},
  agent = directAgent(options.connections),
): Cluster {
  const { warn, trace } = options;
  const through = access.proxy === undefined ? "" : ` through the proxy ${access.proxy.url.host}`;
  const server = `${access.server.host}${through}`;

  async function open(
    method: string,
    path: string,
    options: RequestOptions,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { body, contentType, query } = options;
    const sent = performance.now();
    const response = await send(access, agent, { method, path, body, contentType, query, signal });
    if (method !== "GET") for (const text of warningsIn(response)) warn?.(text);
    trace?.(
      `${method} ${access.server.origin}${path} ${response.statusCode} in ${Math.round(performance.now() - sent)} ms`,
    );
    return response;
  }

  return {
    describe: `${access.describe}, ${access.server.origin}`,

    async request(method, path, options = {}) {
      const time = deadline(options.timeoutMs ?? 10_000, options.signal);
      try {
        const response = await open(method, path, options, time.signal);
        const status = response.statusCode ?? 0;
        const body = await readBody(response, response.headers["content-type"]);
        const failure = refusal(status, body, response.headers["retry-after"]);
        if (failure !== undefined) throw failure;
        return { status, body, ...dateOf(response.headers) };
      } catch (error) {
        throw unreachable(error, server);
      } finally {
        time.end();
      }
    },

    async list(path, { each, timeoutMs = 60_000, ...options }) {
      const time = deadline(timeoutMs, options.signal);
      try {
        const response = await open("GET", path, options, time.signal);
        await insist(response);
        return metaOf(await splitItems(response, each));
      } catch (error) {
        throw unreachable(error, server);
      } finally {
        time.end();
      }
    },

    async *lines(path, options) {
      const time = deadline(15_000, options.signal);
      try {
        const response = await open("GET", path, options, time.signal);
        await insist(response);
        time.restart(undefined);
        options.begun?.();
        yield* splitLines(response);
      } catch (error) {
        throw unreachable(error, server);
      } finally {
        time.end();
      }
    },

    async forward({ namespace, name, port }, { timeoutMs = 10_000, signal } = {}) {
      const time = deadline(timeoutMs, signal);
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/portforward`;
      try {
        const call = { path, query: { ports: port }, signal: time.signal };
        const answer = await upgrade(access, agent, call, forwardProtocol);
        if ("already" in answer) return forwardedPort(answer.connection, answer.already);
        throw failureOf(answer.statusCode ?? 0, await readBody(answer, answer.headers["content-type"]));
      } catch (error) {
        throw unreachable(error, server);
      } finally {
        time.end();
      }
    },

    close: () => agent.destroy(),
  };
}

async function insist(response: IncomingMessage): Promise<void> {
  const status = response.statusCode ?? 0;
  if (status === 200) return;
  const { headers } = response;
  throw failureOf(status, await readBody(response, headers["content-type"]), headers["retry-after"]);
}

function metaOf(list: unknown): ListMeta {
  const { metadata } = list as { metadata: { resourceVersion: string; continue?: string } }; // meta/v1 ListMeta
  const { resourceVersion, continue: next } = metadata;
  return { resourceVersion, ...(next ? { continue: next } : {}) };
}
