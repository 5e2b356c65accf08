import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { Access } from "./access.ts";
import { Failure } from "./failure.ts";

const mount = "/var/run/secrets/kubernetes.io/serviceaccount";

type Environment = Readonly<Record<string, string | undefined>>;

export function serviceAccountMounted(env: Environment, folder = mount): boolean {
  return Boolean(env["KUBERNETES_SERVICE_HOST"]) && existsSync(join(folder, "token"));
}

/**
 * A pod's own way in. Not by KubeConfig, which would do the same: it brings all
 * of client-node's models along, which costs the guard 20 MiB and 80 ms.
 */
export function serviceAccountAccess(env: Environment, folder = mount): Access {
  const host = env["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  return {
    describe: "in-cluster",
    server: new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    // The kubelet replaces the bound token within its hour; the file is small and requests are few.
    credentials: async () => ({
      ca: read(folder, "ca.crt"),
      headers: { authorization: `Bearer ${read(folder, "token").trim()}` },
    }),
  };
}

function read(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch (cause) {
    throw new Failure(
      `the ServiceAccount's ${name} cannot be read`,
      `Mount the ServiceAccount's token (automountServiceAccountToken) at ${folder}.`,
      { cause },
    );
  }
}
