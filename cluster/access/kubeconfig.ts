import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type Cluster, KubeConfig } from "@kubernetes/client-node";
import { Failure } from "../failure.ts";
import type { Access, Between } from "./access.ts";
import { authorityOf, readNamed } from "./authority.ts";
import { chosen, type Overrides } from "./chosen.ts";
import { type LoginOptions, loginBy } from "./login.ts";
import { proxyOf } from "./proxy-of.ts";
import { tokenFileOf } from "./token-file.ts";

export interface Choice {
  /** A file; by default what $KUBECONFIG names, else ~/.kube/config. */
  readonly kubeconfig?: string;
  /** By default the file's current one. */
  readonly context?: string;
  readonly overrides?: Overrides;
  /** Who to be for the API server, where our own account may impersonate. */
  readonly as?: { readonly user: string; readonly uid?: string; readonly groups: readonly string[] };
  /** Somebody sits at the terminal: a login command may ask. */
  readonly interactive?: boolean;
  /** Given what a login command says to whoever sits there. */
  tell?(text: string): void;
  /** By which a login command's answer is over; without it, when the API server says so. */
  clock?(): Date;
}

/** A person's way in: client-node knows kubeconfig files and certificates. $KUBECONFIG and the proxies are in `env`. */
export async function kubeconfigAccess(choice: Choice, env: LoginOptions["env"] = {}): Promise<Access> {
  const { overrides = {}, interactive = false, tell, clock } = choice;
  const listed = env["KUBECONFIG"] ?? "";
  const options: LoginOptions = { env, interactive, ...(tell ? { tell } : {}), ...(clock ? { clock } : {}) };
  const log = () => {
    const config = chosen(load(choice, listed), overrides);
    return { config, login: loginBy(config, options) };
  };
  let current = log();
  const { config } = current;
  const cluster = config.getCurrentCluster();
  if (cluster === null || !/^https:/.test(cluster.server) || !URL.canParse(cluster.server)) {
    throw new Failure(
      `context "${config.currentContext}" has no cluster with an https address`,
      "Choose another context: kubectl config get-contexts.",
    );
  }
  const server = new URL(cluster.server);
  const proxy = between(server, cluster, env);
  const tokenFile =
    overrides.token === undefined ? tokenFileOf(config.users[0]?.name, choice.kubeconfig) : undefined;
  return {
    describe: config.currentContext === "" ? "--server" : `context "${config.currentContext}"`,
    server,
    ...(proxy === undefined ? {} : { proxy }),
    credentials: async () => {
      const { headers, ...credentials } = await current.login();
      const token = tokenFile && { authorization: `Bearer ${readNamed(tokenFile).toString().trim()}` };
      return { ...credentials, headers: { ...headers, ...token } };
    },
    ...(overrides.token === undefined
      ? {
          renew: () => {
            current = log();
          },
        }
      : {}),
  };
}

function between(server: URL, cluster: Cluster, env: LoginOptions["env"]): Between | undefined {
  const url = proxyOf(server, cluster.proxyUrl, env);
  if (url === undefined) return undefined;
  const ca = url.protocol === "https:" ? authorityOf(cluster) : undefined;
  const address = server.hostname.replace(/^\[|\]$/g, "");
  const proving = isIP(address) !== 0 && !cluster.tlsServerName;
  return { url, ...(ca === undefined ? {} : { ca }), ...(proving ? { address } : {}) };
}

function load({ kubeconfig, context, overrides = {} }: Choice, listed: string): KubeConfig {
  const files = listed.split(delimiter).filter((file) => file !== "");
  const config = new KubeConfig();
  if (kubeconfig !== undefined) read(config, kubeconfig);
  else if (files.length > 0) readMerged(config, files);
  else if (existsSync(usualFile())) read(config, usualFile());
  else if (overrides.server === undefined)
    throw new Failure("there is no kubeconfig", "Name one with --kubeconfig or $KUBECONFIG.");
  if (context !== undefined) config.setCurrentContext(context);
  const enough = overrides.server !== undefined || overrides.cluster !== undefined;
  if (!config.getContextObject(config.currentContext) && (config.currentContext || !enough)) {
    const names = config.contexts.map((one) => one.name).join(", ");
    throw new Failure(
      config.currentContext
        ? `the kubeconfig has no context "${config.currentContext}"`
        : "the kubeconfig says no current context",
      names === "" ? "Create one with: kubectl config set-context." : `Choose one of: ${names}.`,
    );
  }
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

function read(config: KubeConfig, file: string): KubeConfig {
  try {
    // What is not whole in it concerns nobody who does not ask for it.
    config.loadFromFile(file, { onInvalidEntry: "filter" });
  } catch (error) {
    // No cause: a YAML error quotes the file, tokens and all.
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new Failure(
      `the kubeconfig ${file} cannot be read${code}`,
      "Check the file with: kubectl config view.",
    );
  }
  findCommands(config, dirname(file));
  return config;
}

const usualFile = () => join(homedir(), ".kube", "config");

/** A login command with a folder in its name is found from the kubeconfig on, as its other files are. */
function findCommands({ users }: KubeConfig, folder: string): void {
  for (const { exec } of users) {
    const command: unknown = exec?.command;
    if (typeof command === "string" && /[/\\]/.test(command)) exec.command = resolve(folder, command);
  }
}
