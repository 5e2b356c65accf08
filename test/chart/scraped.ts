import { bundle } from "../certificates/index.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { startGuarded } from "../guard/guarded.ts";
import { startGuardProcess } from "../guard/process.ts";
import { type Material, mintMaterial } from "../scenarios/material.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";

/** A mesh, two guards in front of it, and a Prometheus that scrapes guards and API server. */
export interface Scraped {
  readonly cp: ControlPlane;
  readonly material: Material;
  readonly prometheus: Prometheus;
  /** Where the guard that the API server asks listens. */
  readonly port: number;
  readonly namespace: string;
  end(): Promise<void>;
}

const namespace = "linkerd-certs";

/** The bundle holds the first and the second anchor, and workloads trust both. */
export async function startScraped(): Promise<Scraped> {
  const material = mintMaterial(new Date());
  const { first, second, live } = material;
  const anchors = bundle(first, second);
  const { cp, guard, end } = await startGuarded({
    async prepare(here) {
      await installLinkerd(here, { bundle: anchors, issuer: { chainPem: live.pem, keyPem: live.keyPem } });
      await inject(here, { namespace: "emojivoto", name: "web", replicas: 2, bundle: anchors });
    },
  });
  try {
    const other = await startGuardProcess(cp);
    await other.ready();
    const ports = [guard.metricsPort, other.metricsPort];
    const prometheus = await startPrometheus([guards(ports), apiServer(cp)]);
    return {
      cp,
      material,
      prometheus,
      port: guard.port,
      namespace,
      async end() {
        await prometheus.end();
        await other.end();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

// The labels are those that the ServiceMonitor brings.
function guards(metricsPorts: readonly number[]) {
  const static_configs = metricsPorts.map((port, index) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { namespace, pod: `linkerd-certs-${index}` },
  }));
  return { job_name: "linkerd-certs", static_configs };
}

function apiServer({ server, token, caFile }: ControlPlane) {
  return {
    job_name: "apiserver",
    scheme: "https" as const,
    authorization: { credentials: token },
    tls_config: { ca_file: caFile },
    static_configs: [{ targets: [new URL(server).host] }],
  };
}
