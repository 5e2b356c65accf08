import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import type { MeshView } from "../../trust/facts.ts";
import { isRecord } from "../../trust/fields.ts";
import { installConfigName, openInstallConfig } from "../../trust/gather/install-config.ts";
import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import { viewMesh } from "../../trust/gather/mesh.ts";
import { controlPlaneLabel, type MeshedProxy, type Pod, proxyOf } from "../../trust/gather/proxy.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { JsonObject } from "../manifest/manifest.ts";
import { issuersIn, type State } from "./state.ts";

export interface LiveOptions {
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** The state that the guard would see now. What cannot be read fails, but for the mesh, of which the guard may see more. */
export async function liveState(cluster: Cluster, options: LiveOptions): Promise<State> {
  const { namespace, now } = options;
  const inside = `/api/v1/namespaces/${namespace}`;
  const [trustRoots, issuer, config, home, mesh] = await Promise.all([
    read(cluster, `${inside}/configmaps/${trustRootsName}`, options),
    read(cluster, `${inside}/secrets/${issuerSecretName}`, options),
    read(cluster, `${inside}/configmaps/${installConfigName}`, options),
    read(cluster, `/api/v1/namespaces/${namespace}`, options).catch(unlessForbidden),
    readMesh(cluster, options),
  ]);
  const state: State = {
    describe: cluster.describe,
    objects: { "trust-roots": trustRoots ?? false, issuer: issuer ?? false },
    ...(config === undefined ? {} : { install: openInstallConfig(config) }),
    terminating: isRecord(home?.["metadata"]) && home["metadata"]["deletionTimestamp"] !== undefined,
    ...(typeof mesh === "string" ? { meshUnseen: mesh } : { mesh }),
  };
  return { ...state, issuersSeen: issuersIn(state, now) };
}

async function read(cluster: Cluster, path: string, options: LiveOptions): Promise<JsonObject | undefined> {
  const { timeoutMs, signal } = options;
  const { status, body } = await cluster.request("GET", path, { timeoutMs, signal });
  if (status === 404) return undefined;
  if (status === 200 && isRecord(body)) return body;
  throw new Failure(`the API server answered ${status} for ${path}`, "Try again.", { status });
}

function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof Failure) || error.status !== 403) throw error;
  return undefined;
}

async function readMesh(cluster: Cluster, options: LiveOptions): Promise<MeshView | string> {
  const proxies: MeshedProxy[] = [];
  const each = (pod: unknown) => {
    const proxy = proxyOf(pod as Pod, options.namespace); // the API server's word: it is a list of pods
    if (proxy !== undefined) proxies.push(proxy);
  };
  const labelSelector = `${controlPlaneLabel}=${options.namespace}`;
  let next: string | undefined;
  try {
    do {
      const query = { labelSelector, limit: 250, continue: next };
      const page = { query, each, timeoutMs: 6 * options.timeoutMs, signal: options.signal };
      next = (await cluster.list("/api/v1/pods", page)).continue;
    } while (next !== undefined);
    return viewMesh(proxies);
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 403) throw error;
    return error.message;
  }
}
