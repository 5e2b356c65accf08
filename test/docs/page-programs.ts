import { argoPlugin } from "../cluster/argo-rollouts.ts";
import { findPrograms, programsAvailable, type Recipe } from "../cluster/program.ts";

const recipes: readonly Recipe[] = [
  {
    ...{ name: "step", module: "step", pin: "github.com/smallstep/cli", ldflags: "" },
    package: "github.com/smallstep/cli/cmd/step",
  },
  argoPlugin,
];

/** What others make and a page tells people to run, each as a script for a desk. */
export async function pagePrograms(): Promise<Readonly<Record<string, string>>> {
  const files = await findPrograms(recipes);
  return Object.fromEntries(recipes.map(({ name }, at) => [name, `exec ${files[at]} "$@"`]));
}

/** Why tests that need them are skipped, or false. */
export const skipWithoutPagePrograms: string | false =
  programsAvailable(recipes) === "missing-go" && "needs Go to build step and Argo's plugin";
