import type { Scheme } from "../../../trust/facts.ts";
import { layouts, openIssuerSecret, schemeRead } from "../../../trust/gather/issuer-secret.ts";
import type { Secret } from "../../../trust/gather/objects.ts";
import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import { fieldManager } from "../kinds.ts";
import type { Meta } from "../objects.ts";
import { type Context, type IssuerMaterial, insistence } from "./context.ts";
import { insist } from "./insist.ts";
import { sentenceOf } from "./write-object.ts";

/** The issuer that a rotation has replaced, for the way back; as exposed as the one in use is. */
export const previousIssuerName = "linkerd-certs-previous-issuer";

const rotationLabel = "linkerd-certs.io/rotation";

/**
 * Copies the issuer's Secret before it is overwritten. The copy that this
 * rotation has made already stays as it is: by then the Secret may hold the
 * new issuer. One of an earlier rotation is of no use any more.
 */
export async function keepPreviousIssuer(old: Secret, context: Context): Promise<void> {
  const { observer, namespace, rotation } = context;
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const path = `${secrets}/${previousIssuerName}`;
  const labels = { "app.kubernetes.io/managed-by": "linkerd-certs", [rotationLabel]: rotation };
  for (let attempt = 0; attempt < 5; attempt++) {
    const seen = await insist(observer.cluster, "GET", path, {}, insistence(context));
    const there = seen.status === 200 ? (seen.body as Secret & { metadata: Meta }) : undefined; // the path says so
    if (there?.metadata.labels?.[rotationLabel] === rotation) return;
    const metadata = {
      name: previousIssuerName,
      namespace,
      labels,
      ...(there === undefined ? {} : { resourceVersion: there.metadata.resourceVersion }),
    };
    const body = { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata, data: old.data ?? {} };
    const query = { fieldManager };
    const answer =
      there === undefined
        ? await insist(observer.cluster, "POST", secrets, { body, query }, insistence(context))
        : await insist(observer.cluster, "PUT", path, { body, query }, insistence(context));
    if (answer.status < 300) return;
    if (answer.status !== 409)
      throw new Failure(
        `the issuer before could not be kept: ${sentenceOf(answer.body, answer.status)}`,
        `See what refuses Secret ${namespace}/${previousIssuerName}; nothing was overwritten.`,
        { status: answer.status },
      );
  }
  throw new Failure(`Secret ${namespace}/${previousIssuerName} changes all the time`, "See who writes it.");
}

export interface KeptIssuer extends IssuerMaterial {
  /** That has replaced it. */
  readonly rotation?: string;
}

/** What was kept, as material to go back with, in the layout that identity reads; undefined where nothing was. */
export async function readPreviousIssuer(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
  scheme?: Scheme,
): Promise<KeptIssuer | undefined> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${previousIssuerName}`;
  const { status, body } = await cluster.request("GET", path, { signal });
  const { data = {}, metadata } = (status === 200 ? body : {}) as Secret; // the path says so
  const layout = layouts[schemeRead(openIssuerSecret({ data }), scheme)];
  const [certificate, key] = [data[layout.certificate], data[layout.key]];
  const rotation = metadata?.labels?.[rotationLabel];
  if (certificate === undefined || key === undefined) return undefined;
  const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  return {
    chainPem: text(certificate),
    keyPem: text(key),
    ...(rotation === undefined ? {} : { rotation }),
  };
}

/** Takes the copy away, once the rotation has come to its end and there is no way back to it. */
export async function forgetPreviousIssuer(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${previousIssuerName}`;
  const { status, body } = await cluster.request("DELETE", path, { signal });
  if (status < 300 || status === 404) return;
  throw new Failure(sentenceOf(body, status), `Delete Secret ${namespace}/${previousIssuerName} yourself.`, {
    status,
  });
}
