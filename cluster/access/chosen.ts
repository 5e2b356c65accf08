import { type Cluster, KubeConfig, type User } from "@kubernetes/client-node";
import { Failure } from "../failure.ts";

/** What kubectl's flags put in place of what a kubeconfig says. */
export interface Overrides {
  /** Names of the kubeconfig's. */
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: URL;
  readonly token?: string;
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
}

/**
 * A kubeconfig of one context, cluster and user: those that count once the
 * flags are heard. As client-go merges them (tools/clientcmd client_config.go):
 * --server takes tls-server-name with it, --certificate-authority and
 * --insecure-skip-tls-verify each undo the other. Unlike there, a token comes
 * alone: with a client certificate beside it, API servers do not look at it.
 */
export function chosen(config: KubeConfig, overrides: Overrides): KubeConfig {
  const context = config.getContextObject(config.currentContext);
  const cluster = { ...clusterOf(config, context?.cluster, overrides), name: "cluster" };
  const user = userOf(config, context?.user, overrides);
  const currentContext = config.currentContext ?? "";
  const one = new KubeConfig();
  one.loadFromOptions({
    contexts: [{ name: currentContext, cluster: cluster.name, user: user.name }],
    clusters: [cluster],
    users: [user],
    currentContext,
  });
  return one;
}

function clusterOf(config: KubeConfig, usual: string | undefined, overrides: Overrides): Cluster {
  const { server, certificateAuthority: caFile, insecureSkipTlsVerify, tlsServerName } = overrides;
  const named = pick("cluster", config.clusters, overrides.cluster, usual);
  const cluster = {
    name: "",
    server: server?.href.replace(/\/$/, "") ?? named?.server ?? "",
    skipTLSVerify: insecureSkipTlsVerify ?? named?.skipTLSVerify ?? false,
    ...(named?.proxyUrl ? { proxyUrl: named.proxyUrl } : {}),
  };
  const serverName = tlsServerName ?? (server === undefined ? named?.tlsServerName : undefined);
  return {
    ...cluster,
    ...(serverName ? { tlsServerName: serverName } : {}),
    ...(caFile !== undefined ? { caFile, skipTLSVerify: false } : {}),
    ...(caFile === undefined && insecureSkipTlsVerify !== true && named?.caData
      ? { caData: named.caData }
      : {}),
    ...(caFile === undefined && insecureSkipTlsVerify !== true && named?.caFile
      ? { caFile: named.caFile }
      : {}),
  };
}

function userOf(config: KubeConfig, usual: string | undefined, { user, token }: Overrides): User {
  const named = pick("user", config.users, user, usual);
  // As whoever is named here our account acts, whichever account that is.
  const as = named?.impersonateUser ? { impersonateUser: named.impersonateUser } : {};
  if (token !== undefined) return { name: named?.name ?? "--token", token, ...as };
  return named ?? { name: "nobody" };
}

/** Only what a flag names has to be there; so it is for kubectl. */
function pick<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  flag: string | undefined,
  usual: string | undefined,
): T | undefined {
  const found = all.find(({ name }) => name === (flag ?? usual));
  if (found !== undefined || flag === undefined) return found;
  const names = all.map(({ name }) => name).join(", ");
  throw new Failure(
    `the kubeconfig has no ${what} "${flag}"`,
    names === "" ? `It has no ${what} at all.` : `Choose one of: ${names}.`,
  );
}
