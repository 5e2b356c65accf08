import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { freePorts } from "../cluster/ports.ts";
import type { Household } from "../cluster/processes.ts";
import { onServerCore } from "./cores.ts";
import type { Programs } from "./programs.ts";
import type { Trust } from "./reviews.ts";

/** What both servers find when they start. */
export interface Stage {
  readonly cp: ControlPlane;
  readonly house: Household;
  readonly programs: Programs;
  readonly trust: Trust;
  readonly serving: { readonly dir: string; readonly caPem: string; readonly caFile: string };
}

/** One of the two that are compared, up and ready. */
export interface Server {
  readonly name: "guard" | "peer";
  readonly pid: number;
  /** Where reviews are posted. */
  readonly url: string;
  /** From the start of the process to its first "ready". */
  readonly readyMs: number;
  end(): Promise<void>;
}

export async function startPeer(stage: Stage, namespace = "linkerd"): Promise<Server> {
  const [port = 0, readyPort = 0] = await freePorts(2);
  return startServer(stage, "peer", { port, readyPort }, [
    stage.programs.peer,
    ...["--namespace", namespace, "--kubeconfig", stage.cp.kubeconfig],
    ...["--port", String(port), "--health-port", String(readyPort), "--certificates", stage.serving.dir],
  ]);
}

export async function startServer(
  { house }: Stage,
  name: Server["name"],
  { port, readyPort }: { readonly port: number; readonly readyPort: number },
  command: readonly string[],
): Promise<Server> {
  const [file = "", ...args] = onServerCore(command);
  const started = performance.now();
  const component = house.start(name, file, args);
  while (!(await isReady(readyPort))) {
    if (component.ended() !== undefined || performance.now() - started > 60_000) {
      await component.end();
      throw new Error(
        `${name} did not get ready (${component.ended()}); its log ends in:\n${component.tail()}`,
      );
    }
    await sleep(2);
  }
  return {
    name,
    pid: component.pid,
    url: `https://127.0.0.1:${port}/validate`,
    readyMs: performance.now() - started,
    end: () => component.end(),
  };
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ host: "127.0.0.1", port, path: "/readyz", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on("error", () => resolve(false));
    call.end();
  });
}
