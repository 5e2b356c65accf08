import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { freePorts } from "../cluster/ports.ts";
import { type Link, link, rewired } from "../cluster-access/link.ts";
import { type GuardProcess, startGuardProcess } from "../guard/process.ts";
import { installGuard } from "../manifests/install.ts";
import { type Material, mintMaterial } from "../scenarios/material.ts";
import { inForce, installTrust } from "./trust.ts";

/** A guard whose wire to the API server, and whose clock, are in the test's hands. */
export interface Observed {
  readonly cp: ControlPlane;
  readonly guard: GuardProcess;
  readonly wire: Link;
  readonly material: Material;
  /** Its clock runs that much ahead of ours from now on. */
  shiftClock(ms: number): Promise<void>;
  end(): Promise<void>;
}

export async function observe(config: Readonly<Record<string, unknown>> = {}): Promise<Observed> {
  const cp = await startControlPlane({ kwok: false });
  const material = mintMaterial(new Date());
  await installTrust(cp, material);
  const [port = 0] = await freePorts(1);
  await installGuard(cp, { port });

  const clock = join(cp.dir, "clock");
  writeFileSync(clock, "0");
  // Inherited by the guard; this process reads neither any more.
  process.env["LINKERD_CERTS_TEST_CLOCK"] = clock;
  process.env["NODE_OPTIONS"] = `--require=${join(import.meta.dirname, "shift.cjs")}`;

  const wire = await link(Number(new URL(cp.server).port));
  const kubeconfig = rewired(cp, await cp.kubeconfigFor("linkerd-certs", "linkerd-certs"), wire.port);
  const guard = await startGuardProcess(cp, { port, kubeconfig, config: { audit, ...config } });
  await guard.ready();
  await inForce(cp);
  return {
    cp,
    guard,
    wire,
    material,
    async shiftClock(ms) {
      writeFileSync(`${clock}.new`, String(ms));
      renameSync(`${clock}.new`, clock);
      await sleep(200); // it looks every 50 ms
    },
    async end() {
      await guard.end();
      wire.close();
      await cp.stop();
    },
  };
}

const audit = { intervalSeconds: 2 };
