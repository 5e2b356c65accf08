import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../cluster/connect.ts";
import type { CertificateConfig } from "../../webhook/config.ts";
import { createMetrics } from "../../webhook/metrics.ts";
import { type Server, startServer } from "../../webhook/server.ts";
import type { ServingApi } from "../../webhook/serving/api.ts";
import type { ServingCertificate } from "../../webhook/serving/certificate.ts";
import { clusterServingApi } from "../../webhook/serving/cluster-api.ts";
import { selfManaged } from "../../webhook/serving/self-managed.ts";
import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { account } from "../cluster-access/account.ts";
import type { Balancer } from "./balancer.ts";
import { clock, review, serverConfig, serviceHost, testLog } from "./fixtures.ts";

const secrets = "/api/v1/namespaces/linkerd-certs/secrets";
export const secretPath = `${secrets}/linkerd-certs-serving`;
const configurations = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
export const configurationPath = `${configurations}/linkerd-certs`;

/** The guard's account, with no more permission than the manifests give it for its certificate. */
export async function guardAccount(cp: ControlPlane): Promise<string> {
  const verbs = ["get", "list", "watch"];
  const secret = { apiGroups: [""], resources: ["secrets"], resourceNames: ["linkerd-certs-serving"] };
  const configuration = {
    apiGroups: ["admissionregistration.k8s.io"],
    resources: ["validatingwebhookconfigurations"],
    resourceNames: ["linkerd-certs"],
  };
  return await account(cp, "linkerd-certs", "linkerd-certs", {
    namespaced: [{ ...secret, verbs: [...verbs, "update"] }],
    clusterWide: [{ ...configuration, verbs: [...verbs, "patch"] }],
  });
}

/** What the manifests hold, fresh: an empty Secret, and a configuration without a caBundle. */
export async function applyFresh(cp: ControlPlane, port: number): Promise<void> {
  await cp.api("POST", "/api/v1/namespaces", { metadata: { name: "guarded" } });
  await cp.api("DELETE", secretPath);
  await cp.api("DELETE", configurationPath);
  await cp.api("POST", "/api/v1/namespaces/linkerd-certs/services", {
    metadata: { name: "linkerd-certs" },
    spec: { type: "ExternalName", externalName: "localhost" },
  });
  await mustApi(cp.api, "POST", secrets, { metadata: { name: "linkerd-certs-serving" }, type: "Opaque" });
  const webhook = (name: string, resource: string) => ({
    name: `${name}.linkerd-certs.io`,
    clientConfig: { service: { namespace: "linkerd-certs", name: "linkerd-certs", port, path: "/validate" } },
    rules: [
      {
        apiGroups: [""],
        apiVersions: ["v1"],
        resources: [resource],
        operations: ["CREATE"],
        scope: "Namespaced",
      },
    ],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "guarded" } },
    failurePolicy: "Fail",
    sideEffects: "None",
    timeoutSeconds: 10,
    admissionReviewVersions: ["v1"],
  });
  await mustApi(cp.api, "POST", configurations, {
    metadata: { name: "linkerd-certs" },
    webhooks: [webhook("trust-roots", "configmaps"), webhook("issuer", "secrets")],
  });
}

export interface Replica {
  readonly certificate: ServingCertificate;
  readonly server: Server;
  readonly lines: readonly string[];
  /** Out of the balancer, drained, gone. */
  leave(): Promise<void>;
}

/** One replica: the real API, the real server; in the balancer when it is ready. */
export async function join(
  cluster: Cluster,
  config: CertificateConfig,
  balancer: Balancer,
  api: ServingApi = clusterServingApi(cluster, config, clock),
): Promise<Replica> {
  const { log, lines } = testLog();
  const metrics = createMetrics([]);
  const certificate = selfManaged({ config, api, clock, log, metrics });
  await certificate.start();
  const server = await startServer({
    config: serverConfig,
    log,
    metrics,
    certificate,
    answer: ({ uid }) => ({ uid, allowed: true }),
    ready: () => ({ ready: true, reasons: [] }),
  });
  while (certificate.problems().length > 0) await sleep(20);
  balancer.endpoints.add(server.port);
  return {
    certificate,
    server,
    lines,
    async leave() {
      balancer.endpoints.delete(server.port);
      await server.drain();
      await certificate.stop();
    },
  };
}

export interface Callers {
  /** Whether the API server and the client have each come through. */
  cameThrough(): boolean;
  /** Ends the calls and tells how they went. */
  stop(): Promise<{
    readonly calls: number;
    readonly handshakes: number;
    readonly failures: readonly string[];
  }>;
}

/**
 * The API server, which calls for every object that is made; and another
 * client of a new connection each time, which goes by a caBundle that is up to
 * `lagMs` old, as an API server may whose watch is slow.
 */
export function startCallers(cp: ControlPlane, balancer: Balancer, lagMs: number): Callers {
  let stopping = false;
  let calls = 0;
  let handshakes = 0;
  const failures: string[] = [];
  const fail = (what: string) => (error: unknown) => {
    failures.push(`${new Date().toISOString()} ${what}: ${error instanceof Error ? error.message : error}`);
  };

  const write = async () => {
    while (!stopping) {
      const path = "/api/v1/namespaces/guarded/configmaps?dryRun=All";
      await mustApi(cp.api, "POST", path, { metadata: { generateName: "x-" } }).then(
        () => calls++,
        fail("write"),
      );
    }
  };
  const shake = async () => {
    while (!stopping) {
      // From when it was asked for: the answer may be that old when it is here.
      const end = performance.now() + lagMs;
      const ca = await readBundle(cp).catch(() => undefined);
      while (ca !== undefined && performance.now() < end && !stopping) {
        for (const port of balancer.endpoints) {
          await post(port, ca).then(() => handshakes++, fail("handshake"));
        }
        await sleep(20);
      }
    }
  };
  const loops = [write(), write(), shake()];
  return {
    cameThrough: () => calls > 0 && handshakes > 0,
    async stop() {
      stopping = true;
      await Promise.all(loops);
      return { calls, handshakes, failures };
    },
  };
}

export async function readBundle(cp: ControlPlane): Promise<string> {
  interface Configuration {
    readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
  }
  const { webhooks } = await mustApi<Configuration>(cp.api, "GET", configurationPath);
  return Buffer.from(webhooks[0]?.clientConfig.caBundle ?? "", "base64").toString();
}

function post(port: number, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ maxCachedSessions: 0 });
    const headers = { "content-type": "application/json" };
    const options = {
      agent,
      headers,
      method: "POST",
      path: "/validate",
      port,
      host: "127.0.0.1",
      ca,
      servername: serviceHost,
    };
    const sent = request(options, (response) => {
      response
        .resume()
        .on("end", () => (response.statusCode === 200 ? resolve() : reject(response.statusCode)));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(review()));
  });
}
