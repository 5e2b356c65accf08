import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { anchor, hour, leaf } from "../../certificates/index.ts";
import { type Api, mustApi } from "../../cluster/api.ts";
import type { Pod } from "../../cluster/objects.ts";
import { objectPath } from "../../cluster/paths.ts";

export interface Review {
  readonly uid: string;
  readonly namespace: string;
  readonly object: Pod;
}

/** What is done to the pod: undefined leaves it alone, "down" answers nothing at all, a text refuses it. */
export type Reply = Pod | undefined | "down" | { readonly refused: string };

export interface Webhooks {
  /** Linkerd's own: pods outside the control plane. */
  inject(review: Review): Reply | Promise<Reply>;
  /** Pods of the control plane, which Linkerd's never sees; here only to keep one from running that would crash. */
  controlPlane(review: Review): Reply | Promise<Reply>;
}

/** Both webhooks on one port, and the configuration that sends pods there. */
export async function serveWebhooks(api: Api, webhooks: Webhooks): Promise<void> {
  const times = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 24 * hour) };
  const authority = anchor("injector", times);
  const serving = leaf(authority, { ...times, name: "127.0.0.1", sans: ["ip:127.0.0.1"] });
  const server = createServer({ cert: serving.pem, key: serving.keyPem }, (request, response) => {
    const answer = request.url?.startsWith("/control-plane") ? webhooks.controlPlane : webhooks.inject;
    respond(request, response, answer).catch((error: unknown) => {
      process.stderr.write(`a pod could not be answered: ${String(error)}\n`);
      response.destroy();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // an address, for it listens on TCP
  const name = "linkerd-proxy-injector-webhook-config";
  const path = objectPath("MutatingWebhookConfiguration", undefined, name);
  await api("DELETE", path);
  await mustApi(api, "POST", path.slice(0, -name.length - 1), configuration(name, port, authority.pem));
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (review: Review) => Reply | Promise<Reply>,
): Promise<void> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  const { request: review } = JSON.parse(text) as { request: Review }; // admission.k8s.io/v1 AdmissionReview
  const reply = await answer(review);
  if (reply === "down") return void request.socket.destroy();
  const body = {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: { uid: review.uid, ...said(reply) },
  };
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}

function said(reply: Exclude<Reply, "down">): object {
  if (reply === undefined) return { allowed: true };
  if ("refused" in reply) return { allowed: false, status: { message: reply.refused } };
  const patch = [
    { op: "add", path: "/metadata/labels", value: reply.metadata.labels ?? {} },
    { op: "add", path: "/metadata/annotations", value: reply.metadata.annotations ?? {} },
    { op: "replace", path: "/spec", value: reply.spec },
  ];
  return {
    allowed: true,
    patchType: "JSONPatch",
    patch: Buffer.from(JSON.stringify(patch)).toString("base64"),
  };
}

const component = "linkerd.io/control-plane-component";

function configuration(name: string, port: number, authorityPem: string): unknown {
  const common = {
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
    failurePolicy: "Ignore",
    sideEffects: "None",
    timeoutSeconds: 10,
    admissionReviewVersions: ["v1"],
  };
  const at = (path: string) => ({
    url: `https://127.0.0.1:${port}${path}`,
    caBundle: Buffer.from(authorityPem).toString("base64"),
  });
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        ...common,
        name: "linkerd-proxy-injector.linkerd.io",
        clientConfig: at("/inject"),
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
        objectSelector: {
          matchExpressions: [
            { key: component, operator: "DoesNotExist" },
            { key: "linkerd.io/cni-resource", operator: "DoesNotExist" },
          ],
        },
      },
      {
        ...common,
        name: "control-plane.stand-in.test",
        clientConfig: at("/control-plane"),
        objectSelector: { matchExpressions: [{ key: component, operator: "Exists" }] },
      },
    ],
  };
}
