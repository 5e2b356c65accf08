import { findPrograms, pinned, programsAvailable, type Recipe } from "../cluster/program.ts";

/** What judges the chart: two generations of Helm, Prometheus and its tool for alerts, and a reader of schemas. */
export type ProgramName = "helm" | "helm3" | "prometheus" | "promtool" | "kubeconform";

const recipes: Readonly<Record<ProgramName, Recipe>> = {
  helm: of("helm", "helm", "helm.sh/helm/v4"),
  helm3: { ...of("helm3", "helm", "helm.sh/helm/v3", "helm3"), ldflags: knowsKubernetes() },
  // Without the clients of all clouds, which discover targets: tests name theirs. And without pages of its own.
  prometheus: {
    ...of("prometheus", "prometheus", "github.com/prometheus/prometheus"),
    tags: "remove_all_sd",
  },
  promtool: { ...of("prometheus", "promtool", "github.com/prometheus/prometheus"), tags: "remove_all_sd" },
  kubeconform: of("kubeconform", "kubeconform", "github.com/yannh/kubeconform"),
};

/** Where it is, built first where it is not in the user's cache. */
export async function findProgram(name: ProgramName): Promise<string> {
  const [file = ""] = await findPrograms([recipes[name]]);
  return file;
}

/** Why tests that need these are skipped, or false. */
export function skipWithout(...names: readonly ProgramName[]): string | false {
  const missing = programsAvailable(names.map((name) => recipes[name])) === "missing-go";
  return missing && `needs Go to build ${names.join(", ")}`;
}

// Helm 3 takes the cluster it renders for to be 1.20 unless it is told otherwise, as its own builds are.
function knowsKubernetes(): string {
  const [, minor] = pinned("helm3", "k8s.io/client-go").split(".");
  const names = ["pkg/lint/rules.k8sVersion", "pkg/chartutil.k8sVersion"].map(
    (name) => `-X helm.sh/helm/v3/${name}`,
  );
  return names.map((name) => `${name}Major=1 ${name}Minor=${minor}`).join(" ");
}

function of(module: string, command: string, pin: string, name = command): Recipe {
  return { name, module, pin, package: `${pin}/cmd/${command}`, ldflags: "" };
}
