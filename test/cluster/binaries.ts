import { findPrograms, pinned, programsAvailable, type Recipe } from "./program.ts";

export type BinaryName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl"
  | "kwok";

/** Where each program of the control plane is. */
export type Binaries = Readonly<Record<BinaryName, string>>;

const kubernetes = pinned("kubernetes", "k8s.io/kubernetes");
const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetes) ?? [];
const stamp = `-X k8s.io/component-base/version.gitVersion=${kubernetes} -X k8s.io/component-base/version.gitMajor=${major} -X k8s.io/component-base/version.gitMinor=${minor}`;

const etcd = "go.etcd.io/etcd/server/v3";
const recipes: readonly Recipe[] = [
  { name: "etcd", module: "etcd", pin: etcd, package: etcd, ldflags: "" },
  ofKubernetes("kube-apiserver"),
  ofKubernetes("kubectl"),
  ofKubernetes("kube-controller-manager"),
  ofKubernetes("kube-scheduler"),
  {
    name: "kwok",
    module: "kwok",
    pin: "sigs.k8s.io/kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    ldflags: "",
  },
];

/** Finds the six programs, and first builds those that are nowhere: about 12 minutes, once per version. */
export async function findBinaries(): Promise<Binaries> {
  const paths = await findPrograms(recipes);
  return Object.fromEntries(recipes.map(({ name }, i) => [name, paths[i]])) as Binaries; // one per name
}

/** Says, without starting anything, what findBinaries would have to do. */
export function binariesAvailable(): "ready" | "buildable" | "missing-go" {
  return programsAvailable(recipes);
}

function ofKubernetes(name: BinaryName): Recipe {
  return {
    name,
    module: "kubernetes",
    pin: "k8s.io/kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: stamp,
  };
}
