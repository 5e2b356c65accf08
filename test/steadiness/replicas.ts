import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { type GuardProcess, startGuardProcess } from "../guard/process.ts";
import type { Balancer, Endpoint } from "./balancer.ts";

/** Guards behind one Service. */
export interface Replicas {
  /** The oldest first. */
  readonly running: readonly GuardProcess[];
  /** One more; resolves when connections come to it. */
  grow(): Promise<void>;
  /** As a Deployment of maxSurge 1 and maxUnavailable 0 does: each is replaced by a new one that is ready. */
  roll(): Promise<void>;
  /** SIGKILL, without a word to the Service. */
  kill(guard: GuardProcess): Promise<void>;
  end(): Promise<void>;
}

/** The manifests say 5 s; here kube-proxy's lag is shorter, and so is this. */
const preStopMs = 1000;

export function replicasOf(
  cp: ControlPlane,
  balancer: Balancer,
  certificate: Readonly<Record<string, string>>,
): Replicas {
  let running: readonly { readonly guard: GuardProcess; readonly endpoint: Endpoint }[] = [];

  const grow = async () => {
    const guard = await startGuardProcess(cp, { config: { certificate } });
    const isReady = async () => (await guard.readiness()).status === 200;
    const endpoint = { port: guard.port, isReady };
    running = [...running, { guard, endpoint }];
    balancer.add(endpoint);
    await guard.ready();
    await eventually("it is in rotation", () => balancer.rotation().includes(guard.port));
  };
  const leave = async (guard: GuardProcess, farewell: () => Promise<unknown>) => {
    const endpoint = running.find((one) => one.guard === guard)?.endpoint;
    running = running.filter((one) => one.guard !== guard);
    if (endpoint !== undefined) balancer.remove(endpoint);
    await farewell();
  };
  const stop = (guard: GuardProcess) =>
    leave(guard, async () => {
      await sleep(preStopMs);
      await guard.end();
    });

  return {
    get running() {
      return running.map(({ guard }) => guard);
    },
    grow,
    async roll() {
      for (const { guard } of running) {
        await grow();
        await stop(guard);
      }
    },
    async kill(guard) {
      await guard.end("SIGKILL");
      await leave(guard, async () => {});
    },
    async end() {
      await Promise.all(running.map(({ guard }) => leave(guard, () => guard.end())));
    },
  };
}
