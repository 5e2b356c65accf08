import { spawnSync } from "node:child_process";
import type { Manifest } from "../scenarios/manifests.ts";
import { type Material, mintMaterial } from "../scenarios/material.ts";
import { screenOf } from "../scenarios/screen.ts";
import { type Step, story } from "../scenarios/story.ts";
import { answerOf } from "./tell.ts";

/**
 * Tells the parts of the story that hold in any mesh to a cluster that somebody
 * already has. Every write is a server-side dry run: nothing is changed there.
 */
export async function demoInCluster(context: string, out: { write(text: string): void }): Promise<number> {
  const kubectl = (args: readonly string[], input = "") => {
    const { status, stdout, stderr, error } = spawnSync("kubectl", ["--context", context, ...args], {
      input,
      encoding: "utf8",
    });
    if (error !== undefined) throw new Error(`kubectl cannot be run: ${error.message}`);
    return { code: status ?? 1, stdout, stderr };
  };
  const missing = (what: string, wayOut: string) => {
    out.write(`${what} is not in ${context}\nhint: ${wayOut}\n`);
    return 2;
  };

  const asked = kubectl(["version"]);
  if (asked.code !== 0) {
    out.write(`the cluster of context ${context} cannot be asked\nhint: ${asked.stderr.trim()}\n`);
    return 2;
  }
  const guard = kubectl(["get", "validatingwebhookconfiguration", "linkerd-certs", "-o", "name"]);
  if (guard.code !== 0) return missing("the guard", `${guard.stderr.trim()}; kubectl apply -k manifests`);
  const bundle = kubectl(["-n", "linkerd", "get", "configmap", "linkerd-identity-trust-roots", "-o", "json"]);
  if (bundle.code !== 0) return missing("Linkerd", `${bundle.stderr.trim()}; install Linkerd first`);

  const secret = ["-n", "linkerd", "get", "secret", "linkerd-identity-issuer", "-o", "jsonpath={.type}"];
  const tls = kubectl(secret).stdout === "kubernetes.io/tls";
  const material = around(bundleIn(bundle.stdout));
  const steps = story.filter(({ anywhere }) => anywhere);
  out.write(`${steps.length} bad writes as server-side dry runs; nothing is changed in ${context}\n`);
  let wrong = 0;
  for (const step of steps) {
    const { code, stderr } = dryRun(step, material, tls, kubectl);
    const screen = screenOf(step, answerOf(code, stderr));
    out.write(screen.text);
    if (!screen.asTold) wrong++;
  }
  out.write(`\n${steps.length} bad writes; ${wrong} answered otherwise than told\n`);
  return wrong === 0 ? 0 : 1;
}

type Run = (args: readonly string[], input?: string) => { readonly code: number; readonly stderr: string };

function dryRun(
  { write }: Step,
  material: Material,
  tls: boolean,
  kubectl: Run,
): { code: number; stderr: string } {
  if ("restart" in write) return { code: 0, stderr: "" };
  if ("apply" in write) {
    const manifest = laidOut(write.apply(material), tls);
    const args = ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-"];
    return kubectl(args, JSON.stringify(manifest));
  }
  const object =
    write.delete === "issuer" ? "secret/linkerd-identity-issuer" : "configmap/linkerd-identity-trust-roots";
  return kubectl(["-n", "linkerd", "delete", object, "--dry-run=server"]);
}

function laidOut(manifest: Manifest, tls: boolean): Manifest {
  if (manifest.kind !== "Secret" || !tls) return manifest;
  const { "crt.pem": certificate = "", "key.pem": key = "" } = manifest.data;
  return { ...manifest, type: "kubernetes.io/tls", data: { "tls.crt": certificate, "tls.key": key } };
}

// The live bundle takes the first anchor's place; its key is somebody else's, and stays there.
function around(live: string): Material {
  const material = mintMaterial(new Date());
  const first = { ...material.first, pem: `${live.trimEnd()}\n` };
  return { ...material, first, second: material.stranger };
}

function bundleIn(json: string): string {
  const object = JSON.parse(json) as { data?: Record<string, string> };
  return object.data?.["ca-bundle.crt"] ?? "";
}
