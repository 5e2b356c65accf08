import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import { anchor, issuer, leaf } from "../test/certificates/index.ts";
import { keyPair } from "../test/certificates/keys.ts";
import { controlPlaneObjects } from "../test/cluster/control-plane-objects.ts";
import { injectedPod } from "../test/cluster/injected.ts";
import type { KubeObject } from "../test/cluster/objects.ts";

export interface Mesh {
  readonly kubeconfig: string;
  stop(): void;
}

/**
 * Answers as the API server of a small, sound mesh would, on loopback. Writes
 * into the folder kubeconfig, the anchor's and issuer's ca.crt and issuer.crt,
 * and mesh.yaml.
 */
export async function serveMesh(folder: string): Promise<Mesh> {
  const root = anchor("root.linkerd.cluster.local", same("anchor"));
  const signed = issuer(root, same("issuer"));
  writeFileSync(join(folder, "ca.crt"), root.pem);
  writeFileSync(join(folder, "issuer.crt"), signed.pem);
  const install = { bundle: root.pem, issuer: { chainPem: signed.pem, keyPem: signed.keyPem } };
  const objects = controlPlaneObjects(install);
  writeFileSync(join(folder, "mesh.yaml"), objects.map((object) => stringify(object)).join("---\n"));
  const answers = answersOf(objects, root.pem);
  const serving = leaf(root, { ...same("server"), name: "localhost", sans: ["ip:127.0.0.1"] });
  const server = createServer({ cert: serving.pem, key: serving.pkcs8Pem }, (request, response) => {
    const { pathname } = new URL(request.url ?? "", "https://localhost");
    const found = answers.get(pathname);
    response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(found ?? { kind: "Status", status: "Failure", code: 404 }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // as it is of a TCP server
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigFor(port, join(folder, "ca.crt"))));
  return {
    kubeconfig,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Whenever and wherever it is built, the same certificates are judged. */
function same(label: string) {
  return {
    key: keyPair("P-256", label),
    serial: 1n,
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2125-01-01T00:00:00Z"),
  };
}

function kubeconfigFor(port: number, ca: string): object {
  const server = `https://127.0.0.1:${port}`;
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "mesh",
    contexts: [{ name: "mesh", context: { cluster: "mesh", user: "somebody" } }],
    clusters: [{ name: "mesh", cluster: { server, "certificate-authority": ca } }],
    users: [{ name: "somebody", user: { token: "a-token" } }],
  };
}

function answersOf(objects: readonly KubeObject[], bundle: string): Map<string, object> {
  const plural = { Namespace: "namespaces", ConfigMap: "configmaps", Secret: "secrets" };
  const answers = new Map<string, object>();
  for (const object of objects) {
    const { kind, metadata } = object;
    if (kind === "Namespace") answers.set(`/api/v1/namespaces/${metadata.name}`, object);
    else if (kind in plural) {
      const resource = plural[kind as keyof typeof plural]; // just looked up
      answers.set(`/api/v1/namespaces/${metadata.namespace}/${resource}/${metadata.name}`, object);
    }
  }
  const pods = ["identity", "destination", "proxy-injector", "web", "cart", "orders"].map((name, at) =>
    running(injectedPod({ name, namespace: at < 3 ? "linkerd" : "shop", bundle })),
  );
  answers.set("/api/v1/pods", listOf("PodList", pods));
  answers.set("/api/v1/namespaces/linkerd/events", listOf("EventList", []));
  return answers;
}

const listOf = (kind: string, items: readonly object[]) => ({
  ...{ kind, apiVersion: "v1", metadata: { resourceVersion: "1" } },
  items,
});

function running(pod: KubeObject): object {
  const state = { running: { startedAt: "2026-01-01T00:00:00Z" } };
  return {
    ...pod,
    metadata: { ...pod.metadata, creationTimestamp: "2026-01-01T00:00:00Z" },
    status: {
      phase: "Running",
      containerStatuses: [{ name: "linkerd-proxy", ready: true, state }],
    },
  };
}
