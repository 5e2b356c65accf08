import { writeFileSync } from "node:fs";

/** Writes a kubeconfig for one identity. JSON, for every JSON text is YAML. */
export function writeKubeconfig(
  file: string,
  server: string,
  caFile: string,
  token: string,
  namespace = "default",
): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "test", namespace } }],
    clusters: [{ name: "test", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: "test", user: { token } }],
  };
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return file;
}
