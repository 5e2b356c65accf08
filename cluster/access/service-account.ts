import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Access } from "./access.ts";
import { authorityOf, provenAs } from "./authority.ts";
import type { Overrides } from "./chosen.ts";

const mount = "/var/run/secrets/kubernetes.io/serviceaccount";

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether we run in a pod that has a token. */
export function serviceAccountMounted(env: Environment, folder = mount): boolean {
  return Boolean(env["KUBERNETES_SERVICE_HOST"]) && existsSync(join(folder, "token"));
}

/**
 * A pod's own way in. Not by KubeConfig, which would do the same: it brings all
 * of client-node's models along, which costs the guard 20 MiB and 80 ms.
 */
export function serviceAccountAccess(env: Environment, folder = mount, instead: Overrides = {}): Access {
  const host = env["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  return {
    describe: "in-cluster",
    server: instead.server ?? new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    // The kubelet replaces the bound token within its hour; the file is small and requests are few.
    credentials: async () => ({
      ...(instead.insecureSkipTlsVerify
        ? { rejectUnauthorized: false }
        : { ca: authorityOf(caFileOf(instead)) ?? read(folder, "ca.crt") }),
      ...provenAs(instead.tlsServerName),
      headers: { authorization: `Bearer ${instead.token ?? read(folder, "token").trim()}` },
    }),
  };
}

function caFileOf({ certificateAuthority: caFile }: Overrides) {
  return caFile === undefined ? {} : { caFile };
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
