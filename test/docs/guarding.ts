import type { ControlPlane } from "../cluster/control-plane.ts";
import { type GuardProcess, startGuardProcess } from "../guard/process.ts";
import { inForce } from "../steadiness/trust.ts";

/** The guard's pods are kwok's, which start nothing: this is the guard that answers, while a page has it installed by Helm. */
export interface Guarding {
  /** Once this was typed. */
  after(command: string): Promise<void>;
  end(): Promise<void>;
}

export function guarding(cp: ControlPlane, port: number): Guarding {
  let guard: GuardProcess | undefined;
  const end = async () => {
    await guard?.end();
    guard = undefined;
  };
  return {
    async after(command) {
      if (/\bhelm uninstall linkerd-certs /.test(command)) await end();
      if (guard !== undefined || !/\bhelm install linkerd-certs /.test(command)) return;
      guard = await startGuardProcess(cp, { port });
      await guard.ready();
      await inForce(cp);
    },
    end,
  };
}
