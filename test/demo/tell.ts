import { setTimeout as sleep } from "node:timers/promises";
import { bundle } from "../certificates/index.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { controllers } from "../cluster/control-plane-objects.ts";
import { restart } from "../cluster/rollout.ts";
import type { Material } from "../scenarios/material.ts";
import { screenOf } from "../scenarios/screen.ts";
import { type Step, story } from "../scenarios/story.ts";

/** Tells the story by real kubectl; gives back how many answers were not the ones told. */
export async function tell(
  cp: ControlPlane,
  material: Material,
  out: { write(text: string): void },
): Promise<number> {
  let wrong = 0;
  for (const step of story) {
    const screen = screenOf(step, await carryOut(cp, step, material));
    out.write(screen.text);
    if (!screen.asTold) wrong++;
  }
  const writes = story.filter(({ write }) => !("restart" in write));
  const refused = writes.filter(({ refusedBy }) => refusedBy !== undefined).length;
  out.write(`\n${writes.length} writes, ${refused} of them bad; ${wrong} answered otherwise than told\n`);
  return wrong;
}

export async function carryOut(cp: ControlPlane, { write }: Step, material: Material) {
  if ("restart" in write) {
    // What the API server notes has whole seconds: a start in the second of the change is no proof.
    await sleep(2100);
    const text = bundle(material.first, material.second);
    if (write.restart === "workloads") await restart(cp, { namespace: "emojivoto", name: "web" }, text);
    else for (const name of controllers) await restart(cp, { namespace: "linkerd", name: `linkerd-${name}` });
    await sleep(2100);
    return undefined;
  }
  const { code, stderr } =
    "apply" in write
      ? await cp.kubectl(["apply", "-f", "-"], { stdin: JSON.stringify(write.apply(material)) })
      : await cp.kubectl(["-n", "linkerd", "delete", ...objects[write.delete], "--wait=false"]);
  return answerOf(code, stderr);
}

const objects = {
  "trust-roots": ["configmap", "linkerd-identity-trust-roots"],
  issuer: ["secret", "linkerd-identity-issuer"],
} as const;

// kubectl prints warnings and errors on one stream.
export function answerOf(code: number, stderr: string) {
  const lines = stderr
    .split("\n")
    .filter((line) => !line.includes("kubectl.kubernetes.io/last-applied-configuration"));
  const warnings = lines
    .filter((line) => line.startsWith("Warning: "))
    .map((line) => line.slice("Warning: ".length));
  const rest = lines.filter((line) => !line.startsWith("Warning: ")).join("\n");
  const allowed = code === 0;
  return {
    allowed,
    warnings,
    ...(allowed ? {} : { status: { code: 403, reason: "Forbidden", message: rest } }),
  };
}
