import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { Failure } from "../failure.ts";
import type { Credentials } from "./access.ts";
import { authorityOf, provenAs, unreadable } from "./authority.ts";
import { type ExecConfig, type ExecCredential, execCredential } from "./exec-credential.ts";

export interface LoginOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly interactive: boolean;
  tell?(text: string): void;
  clock?(): Date;
}

/** Who we are by the one user of a kubeconfig: client-node knows files, tokens and OIDC, and we its login command. */
export function loginBy(config: KubeConfig, options: LoginOptions): () => Promise<Credentials> {
  const [user] = config.users;
  const exec = user?.token ? undefined : (user?.exec as ExecConfig | undefined); // as kubeconfig/v1 says
  if (!exec) return () => credentialsOf(config);
  config.users = [{ name: user?.name ?? "", certFile: user?.certFile ?? "", keyFile: user?.keyFile ?? "" }];
  const around = { ...options, cluster: clusterInfo(config) };
  let given: Promise<ExecCredential> | undefined;

  return async () => {
    const { expirationTimestamp } = (await given) ?? {};
    const now = options.clock?.().getTime() ?? 0;
    // What says no time, or lies about it, holds until the API server refuses it.
    if (expirationTimestamp !== undefined && Date.parse(expirationTimestamp) <= now) given = undefined;
    given ??= execCredential(exec, around);
    const [{ token, clientCertificateData: cert, clientKeyData: key }, own] = await Promise.all([
      given,
      credentialsOf(config),
    ]);
    return {
      ...own,
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      headers: { ...own.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    };
  };
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw refusedBy(config, cause);
  }
  const { agent: _, headers, servername, ...rest } = options;
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const lower: Record<string, string> = Object.fromEntries(texts);
  insistLoggedIn(config, lower);
  return { ...rest, ...provenAs(servername), headers: lower };
}

function refusedBy(config: KubeConfig, cause: unknown): Failure {
  const [user] = config.users;
  if (cause instanceof Error && "path" in cause) return unreadable(String(cause.path), cause);
  const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
  if (user?.authProvider?.name === "oidc")
    return new Failure(
      `the OIDC token of user "${user.name}" has expired, and its provider gives no new one${code}`,
      "Log in again with what wrote it into the kubeconfig.",
      { cause },
    );
  return new Failure(
    `no credentials for context "${config.currentContext}"${code}`,
    "Log in again, and look at the user with: kubectl config view.",
    { cause },
  );
}

/** client-node goes on as nobody where a provider is unknown to it, or its token is over. */
function insistLoggedIn(config: KubeConfig, headers: Readonly<Record<string, string>>): void {
  const [user] = config.users;
  const provider = user?.authProvider?.name;
  if (!provider || headers["authorization"] !== undefined) return;
  throw provider === "oidc"
    ? new Failure(
        `the OIDC token of user "${user.name}" has expired, and nothing is there to renew it with`,
        "Log in again with what wrote it into the kubeconfig.",
      )
    : new Failure(
        `the kubeconfig's user "${user.name}" logs in by "${provider}", which gives no token`,
        "kubectl knows such providers no more: use a login command (exec).",
      );
}

/** What a login command is told of the cluster: client.authentication.k8s.io/v1 Cluster. */
function clusterInfo(config: KubeConfig): object {
  const cluster = config.getCurrentCluster();
  const data = cluster === null ? undefined : authorityOf(cluster)?.toString("base64");
  return {
    server: cluster?.server,
    ...(cluster?.tlsServerName ? { "tls-server-name": cluster.tlsServerName } : {}),
    ...(cluster?.skipTLSVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(data ? { "certificate-authority-data": data } : {}),
    ...(cluster?.proxyUrl ? { "proxy-url": cluster.proxyUrl } : {}),
  };
}
