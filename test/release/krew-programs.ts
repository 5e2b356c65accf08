import { findPrograms, programsAvailable, type Recipe } from "../cluster/program.ts";

const pin = "sigs.k8s.io/krew";
const recipes: readonly Recipe[] = ["krew", "validate-krew-manifest"].map((name) => ({
  ...{ name, module: "krew", pin, ldflags: "" },
  package: `${pin}/cmd/${name}`,
}));

/** krew itself, and what its index judges manifests with. */
export async function findKrew(): Promise<{ readonly krew: string; readonly validate: string }> {
  const [krew = "", validate = ""] = await findPrograms(recipes);
  return { krew, validate };
}

export const krewAvailable = (): ReturnType<typeof programsAvailable> => programsAvailable(recipes);
