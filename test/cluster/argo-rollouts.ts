import type { ControlPlane } from "./control-plane.ts";
import { createDefinitions } from "./definitions.ts";
import { eventually } from "./eventually.ts";
import { freePorts } from "./ports.ts";
import { household } from "./processes.ts";
import { findPrograms, programsAvailable, type Recipe } from "./program.ts";

const recipe: Recipe = {
  name: "argo-rollouts",
  module: "argo-rollouts",
  pin: "github.com/argoproj/argo-rollouts",
  package: "github.com/argoproj/argo-rollouts/cmd/rollouts-controller",
  ldflags: "",
};

export interface ArgoRollouts {
  stop(): Promise<void>;
}

/** Says, without starting anything, whether its controller can be had. */
export function argoRolloutsAvailable(): "ready" | "buildable" | "missing-go" {
  return programsAvailable([recipe]);
}

/** Starts Argo Rollouts' own controller, with its own CRDs. */
export async function startArgoRollouts(cp: ControlPlane): Promise<ArgoRollouts> {
  const [program = ""] = await findPrograms([recipe]);
  await createDefinitions(cp, recipe, "manifests/crds");
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
