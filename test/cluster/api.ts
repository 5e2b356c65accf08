import { Agent, request } from "node:https";

export interface ApiAnswer<T = unknown> {
  readonly status: number;
  readonly body: T;
  /** The texts of the Warning headers, as kubectl shows them. */
  readonly warnings: readonly string[];
}

export interface ApiOptions {
  /** Another identity than the administrator's. */
  readonly token?: string;
  /** By default a body of PATCH is a JSON merge patch. */
  readonly contentType?: string;
}

/** One call to the API server. The type of the body is the caller's claim: nothing checks it. */
export type Api = <T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  options?: ApiOptions,
) => Promise<ApiAnswer<T>>;

export interface ApiClient {
  readonly api: Api;
  close(): void;
}

/** The authority is read at the first call: the API server writes it when it starts. */
export function apiClient(server: string, readCa: () => Buffer, adminToken: string): ApiClient {
  let agent: Agent | undefined;
  const connect = () => (agent ??= new Agent({ keepAlive: true, maxSockets: 32, ca: readCa() }));
  return {
    api: (method, path, body, { token = adminToken, contentType = mediaType(method) } = {}) =>
      new Promise((resolve, reject) => {
        const headers = {
          accept: "application/json",
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": contentType }),
        };
        const call = request(new URL(path, server), { method, agent: connect(), headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              body: parse(Buffer.concat(chunks).toString()),
              warnings: warningsIn(response.headers["warning"]),
            }),
          );
        });
        call.on("error", (error) => {
          // The authority may have been read half-written: the next call reads it anew.
          agent?.destroy();
          agent = undefined;
          reject(error);
        });
        call.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
      }),
    close: () => agent?.destroy(),
  };
}

/** Does the call and insists on success. */
export async function mustApi<T = unknown>(
  api: Api,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await api<T>(method, path, body);
  if (answer.status < 300) return answer.body;
  throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

function mediaType(method: string): string {
  return method === "PATCH" ? "application/merge-patch+json" : "application/json";
}

// The caller says what it expects (T); /readyz and the like answer plain text.
function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    return text as T;
  }
}

// 299 - "text with \" inside", 299 - "another"
function warningsIn(header: string | undefined): readonly string[] {
  return [...(header ?? "").matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? "").replace(/\\(.)/g, "$1"),
  );
}
