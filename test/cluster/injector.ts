import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { anchor, hour, leaf } from "../certificates/index.ts";
import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { addProxy, type WorkloadKind } from "./injected.ts";
import type { ConfigMap, KubeObject, Pod } from "./objects.ts";
import { collectionPath, objectPath } from "./paths.ts";

export interface Injector {
  stop(): Promise<void>;
}

/**
 * Plays Linkerd's proxy injector: every new pod annotated `linkerd.io/inject: enabled`, itself or by its namespace,
 * gets a proxy with the bundle as it is at that moment. So a restart by anybody brings in the live bundle.
 */
export async function startInjector(cp: ControlPlane, controlPlane = "linkerd"): Promise<Injector> {
  const times = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour) };
  const authority = anchor("injector", times);
  const serving = leaf(authority, { ...times, name: "127.0.0.1", sans: ["ip:127.0.0.1"] });
  const server = createServer({ cert: serving.pem, key: serving.keyPem }, async (request, response) => {
    const { request: review }: { request: Review } = JSON.parse(await text(request));
    const answer = await respond(cp, controlPlane, review).catch((error: unknown) => refusal(String(error)));
    const body = {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: review.uid, ...answer },
    };
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  server.unref();
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // an address, for it listens on TCP
  await mustApi(
    cp.api,
    "POST",
    collectionPath("MutatingWebhookConfiguration"),
    configuration(port, authority.pem),
  );
  return {
    stop: async () => {
      await cp.api("DELETE", objectPath("MutatingWebhookConfiguration", undefined, name));
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Review {
  readonly uid: string;
  readonly namespace: string;
  readonly object: Pod;
}

async function respond(
  cp: ControlPlane,
  controlPlane: string,
  { namespace, object: pod }: Review,
): Promise<object> {
  const path = objectPath("Namespace", undefined, namespace);
  const { metadata } = await mustApi<KubeObject>(cp.api, "GET", path);
  const wish = pod.metadata.annotations?.[inject] ?? metadata.annotations?.[inject];
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  if (wish !== "enabled" || containers.some((container) => container.name === "linkerd-proxy"))
    return { allowed: true };

  const roots = objectPath("ConfigMap", controlPlane, "linkerd-identity-trust-roots");
  const bundle = (await mustApi<ConfigMap>(cp.api, "GET", roots)).data["ca-bundle.crt"];
  // The chart that the injector renders requires a bundle: without one no pod is admitted.
  if (!bundle) return refusal("Please provide the identity trust anchors");
  const injected = addProxy(pod.metadata, pod.spec, { ...ownerOf(pod), namespace, bundle, controlPlane });
  return {
    allowed: true,
    patchType: "JSONPatch",
    patch: base64([
      { op: "add", path: "/metadata/labels", value: injected.metadata.labels },
      { op: "add", path: "/metadata/annotations", value: injected.metadata.annotations },
      { op: "replace", path: "/spec", value: injected.spec },
    ]),
  };
}

// The injector looks up the ReplicaSet's owner; here its name less the hash of the pod template will do.
function ownerOf(pod: Pod): { name: string; kind: WorkloadKind | "Pod" } {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner === undefined) return { name: pod.metadata.name, kind: "Pod" };
  const hash = pod.metadata.labels?.["pod-template-hash"];
  if (hash !== undefined) return { name: owner.name.slice(0, -hash.length - 1), kind: "Deployment" };
  return { name: owner.name, kind: owner.kind as WorkloadKind }; // no other kinds own pods here
}

const name = "linkerd-proxy-injector-webhook-config";
const inject = "linkerd.io/inject";

function configuration(port: number, authorityPem: string): unknown {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name: "linkerd-proxy-injector.linkerd.io",
        clientConfig: {
          url: `https://127.0.0.1:${port}/`,
          caBundle: Buffer.from(authorityPem).toString("base64"),
        },
        rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
        namespaceSelector: {
          matchExpressions: [
            { key: "config.linkerd.io/admission-webhooks", operator: "NotIn", values: ["disabled"] },
            {
              key: "kubernetes.io/metadata.name",
              operator: "NotIn",
              values: ["kube-system", "cert-manager"],
            },
          ],
        },
        failurePolicy: "Ignore",
        sideEffects: "None",
        timeoutSeconds: 10,
        admissionReviewVersions: ["v1"],
      },
    ],
  };
}

function refusal(message: string): object {
  return { allowed: false, status: { message } };
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}

async function text(request: IncomingMessage): Promise<string> {
  let whole = "";
  for await (const part of request.setEncoding("utf8")) whole += part;
  return whole;
}
