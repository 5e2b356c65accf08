import type { Cluster } from "../cluster/connect.ts";
import { eventRecorder } from "../cluster/events.ts";
import { rules } from "../trust/rules/index.ts";
import type { Gate } from "./answer.ts";
import { startAudit } from "./audit.ts";
import type { Config } from "./config.ts";
import { watchLive } from "./live/live.ts";
import type { Log } from "./log/log.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { reporter } from "./report.ts";
import { reviewer } from "./reviewer.ts";
import { selfCheck } from "./self-check.ts";
import { startServer } from "./server.ts";
import type { ServingCertificate } from "./serving/certificate.ts";
import { clusterServingApi } from "./serving/cluster-api.ts";
import { fromFiles } from "./serving/files.ts";
import { selfManaged } from "./serving/self-managed.ts";

export interface GuardOptions {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly clock: () => Date;
  readonly log: Log;
  /** Who says what is said in Events: the pod's name. */
  readonly instance: string;
  readonly version: string;
  readonly commit?: string | undefined;
}

export interface Guard {
  readonly port: number;
  readonly metricsPort: number;
  /** Stops without losing a request. */
  stop(): Promise<void>;
}

/** Starts everything: the live state, the gate behind HTTPS, its certificate, the audit. */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const { config, cluster, clock, log, instance, version, commit } = options;
  const metrics = createMetrics(
    rules.map(({ id }) => id),
    { version, commit },
  );
  const live = watchLive({ cluster, namespace: config.linkerdNamespace, clock, log, metrics });
  const gate: Gate = {
    rules,
    policy: { severities: config.rules, thresholds: config.thresholds },
    namespace: config.linkerdNamespace,
    sight: live,
    clock,
  };
  const certificate = servingCertificate(options, metrics);
  const fault = await selfCheck(clock());
  if (fault !== undefined) log.error({ fault }, "the self-check failed; this guard will not become ready");
  await certificate.start();

  const server = await startServer({
    config: config.server,
    log,
    metrics,
    certificate,
    answer: reviewer(gate, metrics),
    ready: () => {
      const { ready, reasons } = live.status();
      return { ready: ready && fault === undefined, reasons: fault === undefined ? reasons : [fault] };
    },
  });
  const events = eventRecorder(cluster, { clock, reportingInstance: instance, log });
  const audit = startAudit({
    gate,
    intervalMs: config.audit.intervalSeconds * 1000,
    onLook: reporter({ namespace: config.linkerdNamespace, metrics, events, log }),
    onError: (error) => log.error({ error }, "the audit failed"),
  });
  live.onChange(() => audit.nudge());
  log.info(
    { port: server.port, metricsPort: server.metricsPort, cluster: cluster.describe, version, commit },
    "listening",
  );

  return {
    port: server.port,
    metricsPort: server.metricsPort,
    async stop() {
      await server.drain();
      audit.stop();
      events.stop();
      live.stop();
      await certificate.stop();
      cluster.close();
    },
  };
}

function servingCertificate(options: GuardOptions, metrics: Metrics): ServingCertificate {
  const { config, cluster, clock, log } = options;
  const api = clusterServingApi(cluster, config.certificate, clock);
  const common = { config: config.certificate, api, clock, log, metrics };
  return config.certificate.mode === "files" ? fromFiles(common) : selfManaged(common);
}
