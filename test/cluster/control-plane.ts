import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { type Api, apiClient, mustApi } from "./api.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { eventually, Hopeless } from "./eventually.ts";
import * as flags from "./flags.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { type Kubectl, kubectlFor } from "./kubectl.ts";
import { createNodes, nodesReady } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { type Component, type Household, household } from "./processes.ts";

export interface ControlPlane {
  readonly kubeconfig: string;
  readonly server: string;
  readonly token: string;
  readonly caFile: string;
  /** Holds the logs (NAME.log) and everything else; removed at the end. */
  readonly dir: string;
  readonly binaries: Binaries;
  readonly kubectl: Kubectl;
  readonly api: Api;
  /** A kubeconfig of a service account, with its real token and so its real permissions. */
  kubeconfigFor(serviceAccount: string, namespace: string): Promise<string>;
  /** Its port and data stay, so that clients meet an outage. */
  readonly apiserver: Switch;
  /** While it is off, pods stay as they are. */
  readonly kwok: Switch;
  /** The process ids by component, of those that run. */
  pids(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface Switch {
  /** SIGKILL, if nothing gentler is asked for. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Without it no pod ever runs, and there is no controller manager and no scheduler: for tests of admission alone. */
  readonly kwok?: boolean;
  readonly nodes?: number;
  /** Given to kube-apiserver after our own, such as "--audit-policy-file=…". */
  readonly apiServerFlags?: readonly string[];
}

/** Starts a real control plane on loopback. It is gone, folder and all, when this process is, however that ends. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = await findBinaries();
  for (let attempt = 1; ; attempt++) {
    const house = household();
    try {
      return await start(house, binaries, options);
    } catch (error) {
      await house.end();
      // Between looking for a free port and using it, somebody else may have taken it.
      if (attempt === 3 || !String(error).includes("address already in use")) throw error;
    }
  }
}

async function start(
  house: Household,
  binaries: Binaries,
  options: ControlPlaneOptions,
): Promise<ControlPlane> {
  const layout = await makeLayout(house.dir);
  flags.writeFiles(layout);
  const caFile = flags.caFile(house.dir);
  const server = `https://127.0.0.1:${layout.apiPort}`;
  const running = new Map<string, Component>();
  const run = (name: keyof Binaries, args: readonly string[]): Component => {
    const component = house.start(name, binaries[name], args);
    running.set(name, component);
    return component;
  };

  const etcd = run("etcd", flags.etcdFlags(layout));
  await ready(etcd, async () => (await fetch(`http://127.0.0.1:${layout.etcdPort}/readyz`)).ok);

  const client = apiClient(server, () => readFileSync(caFile), layout.token);
  const { api } = client;
  const startApiServer = async () => {
    const apiServerFlags = [...flags.apiServerFlags(layout), ...(options.apiServerFlags ?? [])];
    const apiServer = run("kube-apiserver", apiServerFlags);
    await ready(apiServer, async () => (await api("GET", "/readyz")).status === 200);
  };
  await startApiServer();

  const kubeconfig = writeKubeconfig(join(house.dir, "kubeconfig"), server, caFile, layout.token);
  const startKwok = async (attempts = 3): Promise<void> => {
    const kwok = run("kwok", flags.kwokFlags(layout, kubeconfig));
    try {
      await ready(kwok, () => nodesReady(api));
    } catch (error) {
      // On a busy machine it was seen to die of a panic of its own as it started.
      if (attempts === 1 || kwok.ended() === undefined) throw error;
      await startKwok(attempts - 1);
    }
  };
  if (options.kwok !== false) {
    const controllers = run("kube-controller-manager", flags.controllerManagerFlags(layout, kubeconfig));
    const scheduler = run("kube-scheduler", flags.schedulerFlags(layout, kubeconfig));
    await createNodes(api, options.nodes ?? 3);
    await startKwok();
    await ready(controllers, () => defaultAccountExists(api));
    await ready(scheduler, () => healthy(layout.schedulerPort));
  }

  return {
    kubeconfig,
    server,
    token: layout.token,
    caFile,
    dir: house.dir,
    binaries,
    kubectl: kubectlFor(binaries.kubectl, kubeconfig, house.dir),
    api,
    kubeconfigFor: async (serviceAccount, namespace) => {
      const file = join(house.dir, `kubeconfig-${namespace}-${serviceAccount}`);
      return writeKubeconfig(
        file,
        server,
        caFile,
        await accountToken(api, serviceAccount, namespace),
        namespace,
      );
    },
    apiserver: { stop: async (signal) => running.get("kube-apiserver")?.end(signal), start: startApiServer },
    kwok: { stop: async (signal) => running.get("kwok")?.end(signal), start: () => startKwok() },
    pids: () =>
      Object.fromEntries(
        [...running].filter(([, { ended }]) => !ended()).map(([name, { pid }]) => [name, pid]),
      ),
    stop: async () => {
      client.close();
      await house.end();
    },
  };
}

async function accountToken(api: Api, serviceAccount: string, namespace: string): Promise<string> {
  const { status } = await mustApi<{ status: { token: string } }>(
    api,
    "POST",
    `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 7200 } },
  );
  return status.token;
}

async function ready(component: Component, ask: () => Promise<boolean>): Promise<void> {
  const stillAsk = async () => {
    const end = component.ended();
    if (end !== undefined) throw new Hopeless(`${component.name} ${end}`);
    return await ask();
  };
  await eventually(`${component.name} is ready`, stillAsk, { timeoutMs: 90_000 }).catch((error: unknown) => {
    throw new Error(`${component.name} did not start; its log ends in:\n${component.tail()}`, {
      cause: error,
    });
  });
}

/** By a certificate of the program's own, which nobody has to believe. */
function healthy(port: number): Promise<boolean> {
  const asked = { host: "127.0.0.1", port, path: "/healthz", rejectUnauthorized: false, agent: false };
  return new Promise((resolve, reject) => {
    get(asked, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", reject);
  });
}

/** The first work of the controller manager that others see: pods cannot be made without it. */
async function defaultAccountExists(api: Api): Promise<boolean> {
  return (await api("GET", "/api/v1/namespaces/default/serviceaccounts/default")).status === 200;
}

async function makeLayout(dir: string): Promise<flags.Layout> {
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0, controllerPort = 0, schedulerPort = 0, kwokPort = 0] =
    await freePorts(6);
  const token = randomBytes(16).toString("hex");
  return { dir, token, etcdPort, etcdPeerPort, apiPort, controllerPort, schedulerPort, kwokPort };
}
