import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually, Hopeless } from "../cluster/eventually.ts";
import { freePorts } from "../cluster/ports.ts";
import { household } from "../cluster/processes.ts";
import { bundledGuard } from "./bundle.ts";
import { readImage } from "./image.ts";

export interface GuardOptions {
  /** Merged over what it needs to run here. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly kubeconfig?: string;
  readonly port?: number;
}

/** A guard of its own process, with the permissions that the manifests give it. */
export interface GuardProcess {
  readonly port: number;
  readonly metricsPort: number;
  readonly pid: number;
  log(): string;
  /** What /readyz says. */
  readiness(): Promise<{ readonly status: number; readonly text: string }>;
  ready(): Promise<void>;
  metrics(): Promise<string>;
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts the guard, as it is shipped, on loopback; the manifests must be applied. */
export async function startGuardProcess(cp: ControlPlane, options: GuardOptions = {}): Promise<GuardProcess> {
  const house = household();
  const [free = 0, metricsPort = 0] = await freePorts(2);
  const port = options.port ?? free;
  const kubeconfig = options.kubeconfig ?? (await cp.kubeconfigFor("linkerd-certs", "linkerd-certs"));
  const config = join(house.dir, "config.json");
  const server = { port, metricsPort, drainSeconds: 1 };
  writeFileSync(config, JSON.stringify({ server, audit: { intervalSeconds: 5 }, ...options.config }));
  const { flags, environment } = readImage();
  const args = [...flags, await bundledGuard(), "--config", config, "--kubeconfig", kubeconfig];
  const guard = house.start("guard", "env", [...environment, process.execPath, ...args]);
  const health = `http://127.0.0.1:${metricsPort}`;
  const readiness = async () => {
    const response = await fetch(`${health}/readyz`);
    return { status: response.status, text: await response.text() };
  };
  return {
    port,
    metricsPort,
    pid: guard.pid,
    log: () => readFileSync(join(house.dir, "guard.log"), "utf8"),
    readiness,
    async ready() {
      await eventually("the guard is ready", async () => {
        const ended = guard.ended();
        if (ended !== undefined) throw new Hopeless(`the guard ${ended}:\n${guard.tail()}`);
        const { status, text } = await readiness();
        if (status !== 200) throw new Error(text);
        return true;
      });
    },
    metrics: async () => (await fetch(`${health}/metrics`)).text(),
    async end(signal = "SIGTERM") {
      await guard.end(signal);
      await house.end();
    },
  };
}
