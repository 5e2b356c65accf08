import type { ControlPlane } from "./control-plane.ts";
import { createDefinitions } from "./definitions.ts";
import { eventually } from "./eventually.ts";
import { freePorts } from "./ports.ts";
import { household } from "./processes.ts";
import { findPrograms, programsAvailable, type Recipe } from "./program.ts";

const pin = "github.com/argoproj/argo-rollouts";
const recipe: Recipe = {
  ...{ name: "argo-rollouts", module: "argo-rollouts", pin, ldflags: "" },
  package: `${pin}/cmd/rollouts-controller`,
};

/** What people restart a Rollout with: `kubectl argo rollouts`. */
export const argoPlugin: Recipe = {
  ...recipe,
  name: "kubectl-argo-rollouts",
  package: `${pin}/cmd/kubectl-argo-rollouts`,
};

export interface ArgoRollouts {
  stop(): Promise<void>;
}

/** Says, without starting anything, whether its controller can be had. */
export function argoRolloutsAvailable(): "ready" | "buildable" | "missing-go" {
  return programsAvailable([recipe]);
}

/** Its own CRDs, of these kinds or all; without its controller a Rollout is only what was written. */
export function defineArgoRollouts(cp: ControlPlane, kinds?: readonly string[]): Promise<void> {
  return createDefinitions(cp, recipe, "manifests/crds", kinds);
}

/** Starts Argo Rollouts' own controller, with its own CRDs. */
export async function startArgoRollouts(cp: ControlPlane): Promise<ArgoRollouts> {
  const [program = ""] = await findPrograms([recipe]);
  await defineArgoRollouts(cp);
  const house = household();
  const [metrics = 0, health = 0] = await freePorts(2);
  house.start("argo-rollouts", program, [
    `--kubeconfig=${cp.kubeconfig}`,
    "--leader-elect=false",
    `--metricsPort=${metrics}`,
    `--healthzPort=${health}`,
  ]);
  await eventually("Argo Rollouts is up", async () => {
    return (await fetch(`http://127.0.0.1:${health}/healthz`)).ok;
  });
  return { stop: () => house.end() };
}
