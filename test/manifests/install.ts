import { randomUUID } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import type { ControlPlane } from "../cluster/control-plane.ts";
import type { KubeObject } from "../cluster/objects.ts";

export const manifests = fileURLToPath(new URL("../../manifests", import.meta.url));

export interface Guard {
  /** Where the guard, or what stands for it, listens on this machine. */
  readonly port: number;
  /** PEM. Without it the guard is expected to write its own. */
  readonly caBundle?: string;
  /** Linkerd's; it must be there already. */
  readonly namespace?: string;
  readonly replicas?: number;
}

/**
 * Applies the shipped manifests, unchanged but for this: the Service leads to this machine, on the given port. The
 * certificate is still verified for linkerd-certs.linkerd-certs.svc. It may take the API server a second to see it.
 */
export async function installGuard(cp: ControlPlane, guard: Guard): Promise<void> {
  const objects = await render(cp, guard.namespace);
  for (const object of objects) redirect(object as Shipped, guard);
  await mustKubectl(cp, ["apply", "-f", "-"], objects);
}

/** As manifests/README.md says; leaves nothing. */
export async function uninstallGuard(
  cp: ControlPlane,
  { namespace }: Pick<Guard, "namespace"> = {},
): Promise<void> {
  await mustKubectl(cp, ["delete", "--ignore-not-found", "-f", "-"], await render(cp, namespace));
}

/** What `kubectl apply -k` applies, with these lines of manifests/kustomization.yaml in force. */
export async function render(cp: ControlPlane, namespace = "linkerd", options: readonly string[] = []) {
  const dir = withOptions(cp, namespace === "linkerd" ? options : [...options, "other-namespace"]);
  if (namespace !== "linkerd") {
    const file = join(dir, "other-namespace/namespace.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("linkerd-other", namespace));
  }
  const { code, stdout, stderr } = await cp.kubectl(["kustomize", dir]);
  if (code !== 0) throw new Error(`the manifests do not render: ${stderr}`);
  return parseAllDocuments(stdout).map((document) => document.toJS() as KubeObject);
}

function withOptions(cp: ControlPlane, options: readonly string[]): string {
  const dir = join(cp.dir, `manifests-${randomUUID()}`);
  cpSync(manifests, dir, { recursive: true });
  const file = join(dir, "kustomization.yaml");
  const components = options.map((option) => `  - ${option}\n`).join("");
  if (options.length > 0) writeFileSync(file, `${readFileSync(file, "utf8")}\ncomponents:\n${components}`);
  return dir;
}

// Of what is shipped, as much as is redirected.
interface Shipped extends KubeObject {
  spec?: object;
  webhooks?: { clientConfig: { service: { port: number }; caBundle?: string } }[];
}

function redirect(object: Shipped, { port, caBundle, replicas }: Guard): void {
  if (object.kind === "Service")
    object.spec = { type: "ExternalName", externalName: "localhost", ports: [{ port }] };
  if (object.kind === "Deployment" && replicas !== undefined) object.spec = { ...object.spec, replicas };
  for (const { clientConfig } of object.webhooks ?? []) {
    clientConfig.service.port = port;
    if (caBundle !== undefined) clientConfig.caBundle = Buffer.from(caBundle).toString("base64");
  }
}

async function mustKubectl(
  cp: ControlPlane,
  args: readonly string[],
  items: readonly KubeObject[],
): Promise<void> {
  const stdin = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { code, stderr } = await cp.kubectl(args, { stdin });
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
}
