import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";
import { readOne } from "../read.ts";

export interface CertificateName {
  readonly namespace: string;
  readonly name: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

interface CertificateObject {
  readonly metadata: { readonly resourceVersion: string; readonly generation?: number };
  readonly spec?: { readonly secretName?: string; readonly issuerRef?: object };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const issuing = "Issuing";

/**
 * Has cert-manager issue a Certificate anew, as `cmctl renew` does: by the
 * condition Issuing in its status (cert-manager pkg/controller/certificates/
 * trigger). Where it is being issued already, nothing is asked for. Throws a
 * Failure where there is no such Certificate or we may not ask.
 */
export async function renewCertificate(
  cluster: Cluster,
  certificate: CertificateName,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const path = certificatePath(certificate);
  for (let attempt = 0; attempt < 5; attempt++) {
    const object = (await readOne(cluster, path, { signal })) as CertificateObject | undefined; // the path says so
    if (object === undefined)
      throw new Failure(
        `there is no Certificate ${certificate.namespace}/${certificate.name}`,
        "See which Certificate makes the Secret: kubectl get certificates -A.",
        { status: 404 },
      );
    const conditions = object.status?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === issuing && status === "True")) return;
    const asked: Condition = {
      type: issuing,
      status: "True",
      reason: "ManuallyTriggered",
      message: "Certificate re-issuance manually triggered by linkerd-certs",
      lastTransitionTime: `${now.toISOString().slice(0, 19)}Z`,
      ...(object.metadata.generation === undefined ? {} : { observedGeneration: object.metadata.generation }),
    };
    const others = conditions.filter(({ type }) => type !== issuing);
    const body = { ...object, status: { ...object.status, conditions: [...others, asked] } };
    const query = { fieldManager: "linkerd-certs" };
    const answer = await cluster.request("PUT", `${path}/status`, { body, query, signal });
    if (answer.status < 300) return;
    if (answer.status !== 409)
      throw new Failure(
        `the API server answered ${answer.status} to the renewal of Certificate ${certificate.namespace}/${certificate.name}`,
        `Renew it yourself: cmctl renew -n ${certificate.namespace} ${certificate.name}`,
        { status: answer.status },
      );
  }
}

/** What cert-manager says of a Certificate that it does not issue; undefined where it says nothing. */
export async function troubleOf(
  cluster: Cluster,
  certificate: CertificateName,
  signal: AbortSignal,
): Promise<string | undefined> {
  const object = await readOne(cluster, certificatePath(certificate), { signal });
  const { conditions = [] } = (object as CertificateObject | undefined)?.status ?? {};
  const telling = conditions.find(({ type, status }) => type === issuing && status === "False");
  const waiting = conditions.find(({ type, status }) => type === issuing && status === "True");
  return (telling ?? waiting)?.message?.replace(/\s+/g, " ").slice(0, 300);
}

/** Where the API server has it. */
export function certificatePath({ namespace, name }: CertificateName): string {
  return `/apis/cert-manager.io/v1/namespaces/${namespace}/certificates/${name}`;
}
