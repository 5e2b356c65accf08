import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Layout {
  readonly dir: string;
  readonly token: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiPort: number;
  readonly controllerPort: number;
  readonly schedulerPort: number;
  readonly kwokPort: number;
}

/** What the programs read when they start: the administrator's token and the key that signs service account tokens. */
export function writeFiles({ dir, token }: Layout): void {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const secret = { mode: 0o600 };
  writeFileSync(join(dir, "tokens.csv"), `${token},admin,admin,system:masters\n`, secret);
  writeFileSync(join(dir, "sa.key"), privateKey.export({ type: "pkcs1", format: "pem" }), secret);
  writeFileSync(join(dir, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
}

export function etcdFlags({ dir, etcdPort, etcdPeerPort }: Layout): readonly string[] {
  return flags({
    "data-dir": join(dir, "etcd"),
    "listen-client-urls": `http://127.0.0.1:${etcdPort}`,
    "advertise-client-urls": `http://127.0.0.1:${etcdPort}`,
    "listen-peer-urls": `http://127.0.0.1:${etcdPeerPort}`,
    "initial-advertise-peer-urls": `http://127.0.0.1:${etcdPeerPort}`,
    "initial-cluster": `default=http://127.0.0.1:${etcdPeerPort}`,
    "unsafe-no-fsync": "true",
    "log-level": "warn",
  });
}

export function apiServerFlags({ dir, etcdPort, apiPort }: Layout): readonly string[] {
  return flags({
    "etcd-servers": `http://127.0.0.1:${etcdPort}`,
    "bind-address": "127.0.0.1",
    // There is no network interface to publish the address of, and an endpoint may not be a loopback address.
    "advertise-address": "127.0.0.1",
    "endpoint-reconciler-type": "none",
    "secure-port": String(apiPort),
    "cert-dir": join(dir, "apiserver"),
    "token-auth-file": join(dir, "tokens.csv"),
    "authorization-mode": "RBAC",
    "service-account-key-file": join(dir, "sa.pub"),
    "service-account-signing-key-file": join(dir, "sa.key"),
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-cluster-ip-range": "10.96.0.0/16",
    "allow-privileged": "true",
    "max-requests-inflight": "3000",
    "max-mutating-requests-inflight": "1000",
  });
}

export function controllerManagerFlags(
  { dir, controllerPort }: Layout,
  kubeconfig: string,
): readonly string[] {
  return flags({
    kubeconfig,
    "leader-elect": "false",
    "bind-address": "127.0.0.1",
    "secure-port": String(controllerPort),
    "cert-dir": join(dir, "controller-manager"),
    // Each controller acts under its own name, as in a real cluster: an admission webhook sees who writes.
    "use-service-account-credentials": "true",
    "service-account-private-key-file": join(dir, "sa.key"),
    "root-ca-file": caFile(dir),
    // No node is ever lost here, only kwok may be slow or paused.
    "node-monitor-grace-period": "1h",
    "kube-api-qps": "1000",
    "kube-api-burst": "2000",
  });
}

export function schedulerFlags({ dir, schedulerPort }: Layout, kubeconfig: string): readonly string[] {
  return flags({
    kubeconfig,
    "leader-elect": "false",
    "bind-address": "127.0.0.1",
    "secure-port": String(schedulerPort),
    "cert-dir": join(dir, "scheduler"),
    "kube-api-qps": "1000",
    "kube-api-burst": "2000",
  });
}

export function kwokFlags({ kwokPort }: Layout, kubeconfig: string): readonly string[] {
  return flags({
    kubeconfig,
    "manage-all-nodes": "true",
    "node-ip": "127.0.0.1",
    "node-port": String(kwokPort),
    "server-address": `127.0.0.1:${kwokPort}`,
    cidr: "10.244.0.0/16",
  });
}

/** The API server writes its certificate here, followed by the authority that signed it. */
export function caFile(dir: string): string {
  return join(dir, "apiserver", "apiserver.crt");
}

function flags(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
