import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { freePorts } from "../cluster/ports.ts";
import { installGuard } from "../manifests/install.ts";
import { type GuardOptions, type GuardProcess, startGuardProcess } from "./process.ts";

export interface Guarded {
  readonly cp: ControlPlane;
  readonly guard: GuardProcess;
  end(): Promise<void>;
}

export interface GuardedOptions extends GuardOptions {
  /** What there is before the guard comes; by default an empty namespace linkerd. */
  readonly prepare?: (cp: ControlPlane) => Promise<void>;
  readonly apiServerFlags?: readonly string[];
}

/** A control plane with the guard in force: its manifests applied, one guard ready, the API server calling it. */
export async function startGuarded(options: GuardedOptions = {}): Promise<Guarded> {
  const cp = await startControlPlane({ apiServerFlags: options.apiServerFlags ?? [] });
  try {
    await (options.prepare ?? emptyNamespace)(cp);
    const guard = await guardIn(cp, options);
    return {
      cp,
      guard,
      async end() {
        await guard.end();
        await cp.stop();
      },
    };
  } catch (error) {
    await cp.stop();
    throw error;
  }
}

export async function guardIn(cp: ControlPlane, options: GuardOptions = {}): Promise<GuardProcess> {
  const [port = 0] = await freePorts(1);
  await installGuard(cp, { port });
  const guard = await startGuardProcess(cp, { ...options, port });
  await guard.ready();
  await inForce(cp);
  return guard;
}

async function emptyNamespace(cp: ControlPlane): Promise<void> {
  await cp.api("POST", "/api/v1/namespaces", { metadata: { name: "linkerd" } });
}

/** Waits until the API server asks the guard; a dry run tells. */
async function inForce(cp: ControlPlane): Promise<void> {
  const name = "linkerd-identity-trust-roots";
  const path = `/api/v1/namespaces/linkerd/configmaps/${name}?dryRun=All&force=true&fieldManager=probe`;
  const empty = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { "ca-bundle.crt": "" } };
  await eventually("the guard is in force", async () => {
    const { status, body } = await cp.api("PATCH", path, empty, {
      contentType: "application/apply-patch+yaml",
    });
    if (status === 422) return true;
    throw new Error(`${status} ${JSON.stringify(body)}`);
  });
}
