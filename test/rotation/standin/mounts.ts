import type { Api } from "../../cluster/api.ts";
import type { ConfigMap, Secret } from "../../cluster/objects.ts";
import { history } from "./history.ts";
import type { IssuerFiles, Mounted } from "./identity.ts";
import type { StandInCluster } from "./settings.ts";
import { type Kept, watching } from "./watching.ts";

/** The two objects as kubelets mount them: as they were when a pod was created, and as they are. */
export interface Mounts {
  readonly synced: Promise<unknown>;
  readonly bundle: string | undefined;
  issuer(scheme: string): IssuerFiles | undefined;
  /** As of a pod's creation. The API server is asked too, for the watches of the two and of pods are not in step. */
  when(version: string, scheme: string): Promise<Mounted>;
  /** As a pod created now would get them. */
  now(scheme: string): Promise<Mounted>;
}

const bundleName = "linkerd-identity-trust-roots";
const issuerName = "linkerd-identity-issuer";

export function mounts(
  cluster: StandInCluster,
  api: Api,
  changed: { bundle(): void; issuer(): void },
): Mounts {
  const bundles = history<string | undefined>();
  const issuers = history<Readonly<Record<string, string>> | undefined>();
  const space = `/api/v1/namespaces/${cluster.namespace}`;

  const bundleWatch = watching<ConfigMap & Kept>(
    ...[cluster, api, `${space}/configmaps`, only(bundleName)],
    (_uid, object, version) => {
      const text = object?.data["ca-bundle.crt"];
      if (text === bundles.latest && bundles.latest !== undefined) return bundles.put(version, text);
      bundles.put(version, text);
      changed.bundle();
    },
  );
  const issuerWatch = watching<Secret & Kept>(
    ...[cluster, api, `${space}/secrets`, only(issuerName)],
    (_uid, object, version) => {
      issuers.put(version, object?.data);
      changed.issuer();
    },
  );

  const ask = async (): Promise<void> => {
    const roots = await api<ConfigMap & Kept>("GET", `${space}/configmaps/${bundleName}`);
    if (roots.status === 200)
      bundles.put(roots.body.metadata.resourceVersion, roots.body.data["ca-bundle.crt"]);
    const secret = await api<Secret & Kept>("GET", `${space}/secrets/${issuerName}`);
    if (secret.status === 200) issuers.put(secret.body.metadata.resourceVersion, secret.body.data);
  };

  return {
    synced: Promise.all([bundleWatch.synced, issuerWatch.synced]),
    get bundle() {
      return bundles.latest;
    },
    issuer: (scheme) => filesIn(issuers.latest, scheme),
    async when(version, scheme) {
      await ask();
      return { bundle: bundles.at(version), issuer: filesIn(issuers.at(version), scheme) };
    },
    async now(scheme) {
      await ask();
      return { bundle: bundles.latest, issuer: filesIn(issuers.latest, scheme) };
    },
  };
}

const only = (name: string) => ({ fieldSelector: `metadata.name=${name}` });

function filesIn(
  data: Readonly<Record<string, string>> | undefined,
  scheme: string,
): IssuerFiles | undefined {
  const [chain, key] = scheme === "kubernetes.io/tls" ? ["tls.crt", "tls.key"] : ["crt.pem", "key.pem"];
  const text = (name: string) => Buffer.from(data?.[name] ?? "", "base64").toString();
  return data === undefined ? undefined : { chain: text(chain), key: text(key) };
}
