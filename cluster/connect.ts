import type { IncomingMessage } from "node:http";
import { Agent } from "node:https";
import type { Duplex } from "node:stream";
import type { Access } from "./access.ts";
import { deadline } from "./deadline.ts";
import { forwardedPort, forwardProtocol } from "./forward.ts";
import { splitItems } from "./items.ts";
import { dateOf, readBody } from "./json.ts";
import type { Choice } from "./kubeconfig.ts";
import { splitLines } from "./lines.ts";
import { failureOf, refusal } from "./refusal.ts";
import { type Query, send, upgrade } from "./send.ts";
import { serviceAccountAccess, serviceAccountMounted } from "./service-account.ts";
import { unreachable } from "./unreachable.ts";

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

export interface PodPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** "application/json" by default; a PATCH says which kind it is. */
  readonly contentType?: string;
  readonly query?: Query;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, plain text, or undefined where there is none. */
  readonly body: unknown;
  /** The API server's own time, in whole seconds. */
  readonly date?: Date;
}

export interface LinesOptions {
  readonly query?: Query;
  /** Ends it. From its first byte on there is no other time limit. */
  readonly signal?: AbortSignal;
  /** Called when the server has accepted it. */
  begun?(): void;
}

export interface ListOptions extends Omit<LinesOptions, "begun"> {
  each(item: unknown): void;
  readonly timeoutMs?: number;
}

export interface ListMeta {
  readonly resourceVersion: string;
  /** The token of the next page. */
  readonly continue?: string;
}

/**
 * Connects with a kubeconfig where one is named, by the ServiceAccount where
 * one is mounted, else with the kubeconfig that kubectl would use.
 */
export async function connect(choice: Choice = {}): Promise<Cluster> {
  const named = choice.kubeconfig ?? choice.context ?? process.env["KUBECONFIG"];
  const inCluster = !named && serviceAccountMounted(process.env);
  if (inCluster) return clusterAt(acting(serviceAccountAccess(process.env), choice.as));
  // Not imported above: client-node's models come with it, and a guard in its pod never needs them.
  const { kubeconfigAccess } = await import("./kubeconfig.ts");
  const access = await kubeconfigAccess(choice, process.env["KUBECONFIG"]);
  return clusterAt(acting(access, choice.as), choice.connections);
}

/** https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
function acting(access: Access, as: Choice["as"]): Access {
  if (as === undefined) return access;
  const impersonating = {
    "impersonate-user": as.user,
    ...(as.groups.length > 0 ? { "impersonate-group": as.groups } : {}),
  };
  const credentials = async () => {
    const own = await access.credentials();
    return { ...own, headers: { ...own.headers, ...impersonating } };
  };
  return { ...access, credentials };
}

/** As connect, with a way in that is known already. */
export function clusterAt(access: Access, connections?: number): Cluster {
  const maxSockets = connections ?? Number.POSITIVE_INFINITY;
  const agent = new Agent({ keepAlive: true, timeout: 120_000, maxSockets });
  const server = access.server.host;

  async function open(
    method: string,
    path: string,
    options: RequestOptions,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { body, contentType, query } = options;
    return send(access, agent, { method, path, body, contentType, query, signal });
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
        const answer = await upgrade(access, call, forwardProtocol);
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
  throw failureOf(status, await readBody(response, response.headers["content-type"]));
}

function metaOf(list: unknown): ListMeta {
  const { metadata } = list as { metadata: { resourceVersion: string; continue?: string } }; // meta/v1 ListMeta
  const { resourceVersion, continue: next } = metadata;
  return { resourceVersion, ...(next ? { continue: next } : {}) };
}
