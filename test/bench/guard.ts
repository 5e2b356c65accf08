import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleGuard } from "../../webhook/build.ts";
import { freePorts } from "../cluster/ports.ts";
import { type Image, readImage } from "../guard/image.ts";
import { type Server, type Stage, startServer } from "./servers.ts";

/** What is measured: Node, its flags and environment as in the image, and the program. */
export interface Guard extends Image {
  readonly entry: string;
}

/** The guard as it is shipped, bundled into the folder: whatever is built elsewhere meanwhile changes nothing. */
export async function findGuard(
  given: { readonly entry?: string; readonly flags?: readonly string[] },
  folder: string,
): Promise<Guard> {
  const { environment, ...image } = readImage();
  const how = { flags: given.flags ?? image.flags, environment };
  if (given.entry !== undefined) return { ...how, entry: given.entry };
  await bundleGuard(join(folder, "dist"));
  return { ...how, entry: join(folder, "dist", "webhook.cjs") };
}

/** Starts it as in a pod, on loopback, with the stage's serving certificate. */
export async function startGuard(stage: Stage, { flags, environment, entry }: Guard): Promise<Server> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const config = join(stage.house.dir, `guard-${port}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      linkerdNamespace: "linkerd",
      server: { port, metricsPort, drainSeconds: 0 },
      certificate: { mode: "files", directory: stage.serving.dir },
    }),
  );
  const { hostname, port: apiPort } = new URL(stage.cp.server);
  return startServer(stage, "guard", { port, readyPort: metricsPort }, [
    ...["env", "-u", "KUBECONFIG", ...environment],
    `KUBERNETES_SERVICE_HOST=${hostname}`,
    `KUBERNETES_SERVICE_PORT=${apiPort}`,
    `BENCH_SERVICE_ACCOUNT=${serviceAccount(stage)}`,
    ...[process.execPath, ...flags, "--require", join(import.meta.dirname, "in-a-pod.cjs")],
    ...[entry, "--config", config],
  ]);
}

function serviceAccount({ house, cp }: Stage): string {
  const folder = join(house.dir, "serviceaccount");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "token"), cp.token);
  writeFileSync(join(folder, "ca.crt"), readFileSync(cp.caFile));
  return folder;
}
