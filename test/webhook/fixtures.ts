import { X509Certificate } from "node:crypto";
import type { CertificateConfig, ServerConfig } from "../../webhook/config.ts";
import { createLog, type Log } from "../../webhook/log/log.ts";
import { createMetrics } from "../../webhook/metrics.ts";
import { type Server, type ServerOptions, startServer } from "../../webhook/server.ts";
import type { Credentials, ServingCertificate } from "../../webhook/serving/certificate.ts";
import { mintAuthority, mintLeaf } from "../../webhook/serving/mint.ts";

export const clock = (): Date => new Date();

export const certificateConfig: CertificateConfig = {
  mode: "self-managed",
  directory: "/nowhere",
  secretName: "linkerd-certs-serving",
  serviceName: "linkerd-certs",
  namespace: "linkerd-certs",
  webhookConfigurationName: "linkerd-certs",
  leafLifetimeMs: 24 * 3_600_000,
  authorityLifetimeMs: 8760 * 3_600_000,
  settleMs: 20,
  pollMs: 20,
};

export const serverConfig: ServerConfig = {
  port: 0,
  metricsPort: 0,
  bodyLimitBytes: 7 * 1024 * 1024,
  requestTimeoutMs: 30_000,
  drainSeconds: 0.2,
};

/** A log that remembers its lines. */
export function testLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const log = createLog({ level: "trace", clock, output: { write: (line) => void lines.push(line) } });
  return { log, lines };
}

export const serviceHost = "linkerd-certs.linkerd-certs.svc";

export interface TestCertificate extends ServingCertificate {
  readonly authority: string;
  /** Serves another leaf of the same authority from now on; gives back its serial number. */
  rotate(): Promise<string>;
}

/** A certificate that only changes when the test says so. */
async function testCertificate(): Promise<TestCertificate> {
  const minting = { now: clock(), lifetimeMs: 3_600_000 };
  const authority = await mintAuthority(minting);
  const leaf = () => mintLeaf(authority, [serviceHost, "localhost"], minting);
  let current = await leaf();
  const listeners: ((credentials: Credentials) => void)[] = [];
  return {
    authority: authority.certificate,
    current: () => undefined,
    onChange(listener) {
      listeners.push(listener);
      listener(current);
    },
    async rotate() {
      current = await leaf();
      for (const listener of listeners) listener(current);
      return new X509Certificate(current.certificate).serialNumber;
    },
    start: async () => {},
    stop: async () => {},
    problems: () => [],
  };
}

export interface TestServer extends Server {
  readonly lines: readonly string[];
  readonly ca: string;
  readonly certificate: TestCertificate;
  readonly metrics: ServerOptions["metrics"];
}

export async function testServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const certificate = await testCertificate();
  const { log, lines } = testLog();
  const metrics = createMetrics(["bundle-present"], { version: "test", commit: "0123456789ab" });
  const server = await startServer({
    config: serverConfig,
    log,
    metrics,
    certificate,
    answer: ({ uid }) => ({ uid, allowed: true }),
    ready: () => ({ ready: true, reasons: [] }),
    ...options,
  });
  return { ...server, lines, ca: certificate.authority, certificate, metrics };
}

/** What the API server sends, for the trust bundle unless said otherwise. */
export function review(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
      kind: { group: "", version: "v1", kind: "ConfigMap" },
      resource: { group: "", version: "v1", resource: "configmaps" },
      name: "linkerd-identity-trust-roots",
      namespace: "linkerd",
      operation: "UPDATE",
      userInfo: { username: "alice", groups: ["system:authenticated"] },
      object: trustRoots("new"),
      oldObject: trustRoots("old"),
      dryRun: false,
      ...change,
    },
  };
}

export const trustRoots = (text: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "linkerd-identity-trust-roots", namespace: "linkerd", creationTimestamp: null },
  data: { "ca-bundle.crt": text },
});
