import type { Secret } from "../../trust/gather/objects.ts";
import { type Certificate, readBundle, verifyAsIdentity } from "../../trust/x509/index.ts";
import type { Cluster } from "../connect.ts";
import { Failure } from "../failure.ts";
import { readOne } from "../read.ts";
import { deploymentFlag } from "./deployment-flag.ts";
import { type CertificateName, certificatePath } from "./renew-certificate.ts";

/** With what cert-manager signs. Of its Secret only the certificates are looked at. */
export interface SigningAuthority {
  /** "Secret cert-manager/linkerd-trust-anchor". */
  readonly secret: string;
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[];
}

interface Spec {
  readonly issuerRef?: { readonly name?: string; readonly kind?: string; readonly group?: string };
  readonly ca?: { readonly secretName?: string };
}

/**
 * The authority that a Certificate would be signed by now, where that is a
 * Secret of ours to read: an Issuer or ClusterIssuer with spec.ca. Undefined for
 * other kinds, and where we may not read it or it is not there.
 */
export async function signingAuthority(
  cluster: Cluster,
  certificate: CertificateName,
  signal: AbortSignal,
): Promise<SigningAuthority | undefined> {
  const specOf = async (path: string) =>
    ((await readable(cluster, path, signal)) as { spec?: Spec } | undefined)?.spec; // the path says so
  const {
    name,
    kind = "Issuer",
    group = api,
  } = (await specOf(certificatePath(certificate)))?.issuerRef ?? {};
  const known = kind === "Issuer" || kind === "ClusterIssuer";
  if (name === undefined || group !== api || !known) return undefined;
  const own = kind === "Issuer";
  const where = own ? `namespaces/${certificate.namespace}/issuers` : "clusterissuers";
  const secretName = (await specOf(`/apis/${api}/v1/${where}/${name}`))?.ca?.secretName;
  if (secretName === undefined) return undefined;
  const namespace = own ? certificate.namespace : await clusterNamespace(cluster, signal);
  const path = `/api/v1/namespaces/${namespace}/secrets/${secretName}`;
  const secret = (await readable(cluster, path, signal)) as Secret | undefined; // the path says so
  const text = Buffer.from(secret?.data?.["tls.crt"] ?? "", "base64").toString();
  const [first, ...intermediates] = readBundle(text).anchors;
  if (first === undefined) return undefined;
  return { secret: `Secret ${namespace}/${secretName}`, certificate: first, intermediates };
}

/** Those of these anchors that what it signs chains to: itself, or those that it chains to. */
export function anchorsOfAuthority(
  { certificate, intermediates }: SigningAuthority,
  anchors: readonly Certificate[],
  now: Date,
): readonly Certificate[] {
  return anchors.filter(
    (one) =>
      one.fingerprint === certificate.fingerprint ||
      verifyAsIdentity(certificate, intermediates, [one], now).ok,
  );
}

const api = "cert-manager.io";

/** Where a ClusterIssuer's Secrets are. */
async function clusterNamespace(cluster: Cluster, signal: AbortSignal): Promise<string> {
  return (
    (await deploymentFlag(cluster, "cert-manager", "cluster-resource-namespace", signal)) ?? "cert-manager"
  );
}

async function readable(cluster: Cluster, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await readOne(cluster, path, { signal });
  } catch (error) {
    if (error instanceof Failure && error.status === 403) return undefined;
    throw error;
  }
}
