import { existsSync, readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { delimiter } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { Access, Credentials } from "./access.ts";
import { Failure } from "./failure.ts";
import { tokenFileOf } from "./token-file.ts";

export interface Choice {
  /** A file; by default what $KUBECONFIG names, else ~/.kube/config. */
  readonly kubeconfig?: string;
  /** By default the file's current one. */
  readonly context?: string;
  /** Who to be for the API server, where our own account may impersonate. */
  readonly as?: { readonly user: string; readonly groups: readonly string[] };
  /** How many at once; by default as many as there are requests. */
  readonly connections?: number;
}

/** A person's way in: client-node knows kubeconfig files, exec plugins and their certificates. `listed` is $KUBECONFIG. */
export async function kubeconfigAccess(choice: Choice, listed = ""): Promise<Access> {
  let config = load(new KubeConfig(), choice, listed);
  const cluster = config.getCurrentCluster();
  if (cluster === null || !/^https:/.test(cluster.server) || !URL.canParse(cluster.server)) {
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
      const { headers, ...credentials } = await credentialsOf(config, Boolean(cluster.proxyUrl));
      return {
        ...credentials,
        headers: {
          ...headers,
          ...(tokenFile && { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` }),
        },
      };
    },
    renew: () => {
      config = load(new KubeConfig(), choice, listed);
    },
  };
}

function load(config: KubeConfig, { kubeconfig, context }: Choice, listed: string): KubeConfig {
  const files = listed.split(delimiter).filter((file) => file !== "");
  if (kubeconfig !== undefined) read(config, kubeconfig);
  else if (files.length > 0) readMerged(config, files);
  else read(config);
  // What client-node makes up where it finds no file at all.
  if (config.currentContext === "loaded-context")
    throw new Failure("there is no kubeconfig", "Name one with --kubeconfig or $KUBECONFIG.");
  if (context !== undefined) config.setCurrentContext(context);
  if (!config.getContextObject(config.currentContext)) {
    const names = config.contexts.map((one) => one.name).join(", ");
    throw new Failure(
      config.currentContext
        ? `the kubeconfig has no context "${config.currentContext}"`
        : "the kubeconfig says no current context",
      names === "" ? "Create one with: kubectl config set-context." : `Choose one of: ${names}.`,
    );
  }
  announceExec(config);
  return config;
}

/** As kubectl: files that are not there are passed over, and of two of one name the first counts. */
function readMerged(config: KubeConfig, files: readonly string[]): void {
  const all = files.filter((file) => existsSync(file)).map((file) => read(new KubeConfig(), file));
  if (all.length === 0)
    throw new Failure(
      `there is no kubeconfig ${files.join(", ")}`,
      "$KUBECONFIG names it: change or unset it.",
    );
  config.loadFromOptions({
    clusters: firstOfEach(all.flatMap(({ clusters }) => clusters)),
    contexts: firstOfEach(all.flatMap(({ contexts }) => contexts)),
    users: firstOfEach(all.flatMap(({ users }) => users)),
    currentContext: all.find(({ currentContext }) => currentContext)?.currentContext ?? "",
  });
}

function firstOfEach<T extends { readonly name: string }>(named: readonly T[]): T[] {
  return [...Map.groupBy(named, ({ name }) => name).values()].flatMap((same) => same.slice(0, 1));
}

function read(config: KubeConfig, file?: string): KubeConfig {
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
    return config;
  } catch (error) {
    // No cause: a YAML error quotes the file, tokens and all.
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new Failure(
      `the kubeconfig${file === undefined ? "" : ` ${file}`} cannot be read${code}`,
      "Check the file with: kubectl config view.",
    );
  }
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
