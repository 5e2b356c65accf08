import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { Access, Credentials } from "./access.ts";
import { Failure } from "./failure.ts";
import { tokenFileOf } from "./token-file.ts";

export interface Choice {
  /** A file; by default what $KUBECONFIG names, else ~/.kube/config. */
  readonly kubeconfig?: string;
  /** By default the file's current one. */
  readonly context?: string;
}

/** A person's way in: client-node knows kubeconfig files, exec plugins and their certificates. */
export async function kubeconfigAccess(choice: Choice): Promise<Access> {
  let config = load(new KubeConfig(), choice);
  const cluster = config.getCurrentCluster();
  if (!cluster?.server.startsWith("https:")) {
    throw new Failure(
      `context "${config.currentContext}" has no cluster with an https address`,
      "Choose another context: kubectl config get-contexts.",
    );
  }
  const tokenFile = tokenFileOf(config.getCurrentUser()?.name, choice.kubeconfig);
  return {
    describe: `context "${config.currentContext}"`,
    server: new URL(cluster.server),
    credentials: async () => {
      const credentials = await credentialsOf(config, Boolean(cluster.proxyUrl));
      if (tokenFile === undefined) return credentials;
      const authorization = `Bearer ${readFileSync(tokenFile, "utf8").trim()}`;
      return { ...credentials, headers: { ...credentials.headers, authorization } };
    },
    renew: () => {
      config = load(new KubeConfig(), choice);
    },
  };
}

function load(config: KubeConfig, { kubeconfig, context }: Choice): KubeConfig {
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    // No cause: a YAML error quotes the file, tokens and all.
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new Failure(
      `the kubeconfig ${kubeconfig ?? ""} cannot be read${code}`.replace("  ", " "),
      "Check the file with: kubectl config view.",
    );
  }
  // What client-node makes up where it finds no file at all.
  if (config.currentContext === "loaded-context") {
    throw new Failure("there is no kubeconfig", "Name one with --kubeconfig or $KUBECONFIG.");
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (!config.getContextObject(config.currentContext)) {
    const names = config.contexts.map((one) => one.name).join(", ");
    throw new Failure(
      `the kubeconfig has no context "${config.currentContext ?? ""}"`,
      names === "" ? "Create one with: kubectl config set-context." : `Choose one of: ${names}.`,
    );
  }
  announceExec(config);
  return config;
}

async function credentialsOf(config: KubeConfig, proxied: boolean): Promise<Credentials> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new Failure(
      `no credentials for context "${config.currentContext}"`,
      "Log in again, and check that the kubeconfig's login command works in this terminal.",
      { cause },
    );
  }
  const { agent, headers, ...rest } = options;
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  // client-node's agent keeps no connection, but it knows the way through a proxy.
  return {
    ...rest,
    headers: Object.fromEntries(texts),
    ...(proxied && agent !== undefined ? { agent } : {}),
  };
}

// Login commands may insist on this variable, which client-node does not set:
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
function announceExec(config: KubeConfig): void {
  const exec: unknown = config.getCurrentUser()?.exec;
  if (typeof exec !== "object" || exec === null) return;
  const { apiVersion, env } = exec as { apiVersion?: string; env?: readonly unknown[] }; // as kubeconfig/v1 says
  const value = JSON.stringify({ kind: "ExecCredential", apiVersion, spec: { interactive: false } });
  Object.assign(exec, { env: [...(env ?? []), { name: "KUBERNETES_EXEC_INFO", value }] });
}
