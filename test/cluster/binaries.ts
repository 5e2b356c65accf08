import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { build } from "./build.ts";

export type BinaryName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl"
  | "kwok";

/** Where each program of the control plane is. */
export type Binaries = Readonly<Record<BinaryName, string>>;

export interface Recipe {
  readonly name: BinaryName;
  readonly module: "etcd" | "kubernetes" | "kwok";
  readonly package: string;
  readonly ldflags: string;
}

const here = import.meta.dirname;

// Versions are written once: in the go.mod files.
const kubernetes = pinned("kubernetes", "k8s.io/kubernetes");
const versions = {
  kubernetes,
  etcd: pinned("etcd", "go.etcd.io/etcd/server/v3"),
  kwok: pinned("kwok", "sigs.k8s.io/kwok"),
};

const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetes) ?? [];
const stamp = `-X k8s.io/component-base/version.gitVersion=${kubernetes} -X k8s.io/component-base/version.gitMajor=${major} -X k8s.io/component-base/version.gitMinor=${minor}`;

const recipes: readonly Recipe[] = [
  { name: "etcd", module: "etcd", package: "go.etcd.io/etcd/server/v3", ldflags: "" },
  ofKubernetes("kube-apiserver"),
  ofKubernetes("kubectl"),
  ofKubernetes("kube-controller-manager"),
  ofKubernetes("kube-scheduler"),
  { name: "kwok", module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", ldflags: "" },
];

/** Finds the six programs, and first builds those that are nowhere: about 12 minutes, once per version. */
export async function findBinaries(): Promise<Binaries> {
  const missing = recipes.filter((recipe) => !existsSync(pathOf(recipe)));
  if (missing.length > 0) await build(missing, join(here, "binaries"), cachedPath);
  return Object.fromEntries(recipes.map((recipe) => [recipe.name, pathOf(recipe)])) as Binaries; // one per name
}

/** Says, without starting anything, what findBinaries would have to do. */
export function binariesAvailable(): "ready" | "buildable" | "missing-go" {
  if (recipes.every((recipe) => existsSync(pathOf(recipe)))) return "ready";
  return onPath("go") ? "buildable" : "missing-go";
}

function pathOf(recipe: Recipe): string {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const asset = assets && join(assets, recipe.name);
  return asset && existsSync(asset) ? asset : cachedPath(recipe);
}

function cachedPath(recipe: Recipe): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(cache, "linkerd-certs", `${recipe.module}-${versions[recipe.module]}`, recipe.name);
}

function ofKubernetes(name: BinaryName): Recipe {
  return { name, module: "kubernetes", package: `k8s.io/kubernetes/cmd/${name}`, ldflags: stamp };
}

function pinned(module: string, dependency: string): string {
  const goMod = readFileSync(join(here, "binaries", module, "go.mod"), "utf8");
  const version = new RegExp(`^(?:require |\\t)${dependency} (v\\S+)`, "m").exec(goMod)?.[1];
  if (version === undefined)
    throw new Error(`binaries/${module}/go.mod does not require ${dependency}; run go mod tidy`);
  return version;
}

function onPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
