import { randomUUID } from "node:crypto";
import { base64 } from "../base64.ts";
import { anchor, bundle, day, issuer, type Minted, year } from "../certificates/index.ts";
import type { Spoil } from "../certificates/options.ts";

/** What the mesh runs on while it is measured. */
export interface Trust {
  readonly anchor: Minted;
  readonly issuer: Minted;
}

const started = Date.now();
const at = (milliseconds: number) => new Date(started + milliseconds);

/** The test certificates live at a fixed moment; servers look at the clock. */
export const tenYears: Spoil = { notBefore: at(-day), notAfter: at(10 * year) };
const oneYear: Spoil = { notBefore: at(-day), notAfter: at(year) };

export function mintTrust(): Trust {
  const root = anchor("root.linkerd.cluster.local", tenYears);
  return { anchor: root, issuer: issuer(root, oneYear) };
}

export function freshBundle(trust: Trust, others: number): string {
  const fresh = Array.from({ length: others }, () => anchor("root.linkerd.cluster.local", tenYears));
  return bundle(trust.anchor, ...fresh);
}

/** AdmissionReviews of sound writes, no two alike: every certificate but the anchor in use, and every key, is new. */
export function mintReviews(trust: Trust, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? trustRootsReview(trust) : issuerReview(trust),
  );
}

/** A rotation's first write: two anchors become three. */
export function trustRootsReview(trust: Trust): string {
  const object = (text: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata("linkerd-identity-trust-roots", "ca-bundle.crt"),
    data: { "ca-bundle.crt": text },
  });
  return review("ConfigMap", "configmaps", object(freshBundle(trust, 2)), object(freshBundle(trust, 1)));
}

/** The next issuer under the same anchor, as cert-manager writes it. */
function issuerReview(trust: Trust): string {
  const object = (minted: Minted) => ({
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: metadata("linkerd-identity-issuer", "tls.crt"),
    data: {
      "ca.crt": base64(trust.anchor.pem),
      "tls.crt": base64(minted.pem),
      "tls.key": base64(minted.keyPem),
    },
  });
  return review("Secret", "secrets", object(issuer(trust.anchor, oneYear)), object(trust.issuer));
}

function review(kind: string, resource: string, object: Written, oldObject: Written): string {
  const is = { group: "", version: "v1", kind };
  const of = { group: "", version: "v1", resource };
  const request = {
    uid: randomUUID(),
    kind: is,
    resource: of,
    requestKind: is,
    requestResource: of,
    name: object.metadata.name,
    namespace: "linkerd",
    operation: "UPDATE",
    userInfo: { username: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] },
    object,
    oldObject,
    dryRun: false,
    options: { kind: "UpdateOptions", apiVersion: "meta.k8s.io/v1", fieldManager: "kubectl-replace" },
  };
  return JSON.stringify({ kind: "AdmissionReview", apiVersion: "admission.k8s.io/v1", request });
}

interface Written {
  readonly metadata: { readonly name: string };
}

function metadata(name: string, key: string) {
  const time = at(-day).toISOString();
  const fieldsV1 = { "f:data": { ".": {}, [`f:${key}`]: {} } };
  return {
    name,
    namespace: "linkerd",
    uid: "0e2b8b6e-7a4e-4d0f-9d52-2f3f0f1c5a11",
    resourceVersion: "421337",
    creationTimestamp: time,
    managedFields: [
      {
        manager: "kubectl-replace",
        operation: "Update",
        apiVersion: "v1",
        time,
        fieldsType: "FieldsV1",
        fieldsV1,
      },
    ],
  };
}
