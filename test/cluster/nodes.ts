import { type Api, mustApi } from "./api.ts";

const plenty = { cpu: "1000000", memory: "1000Ti", pods: "1000000" };

/** Nodes that kwok plays, each with room for any number of pods. */
export async function createNodes(api: Api, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `node-${index}`);
  await Promise.all(names.map((name) => mustApi(api, "POST", "/api/v1/nodes", node(name))));
}

export async function nodesReady(api: Api): Promise<boolean> {
  const { items } = await mustApi<NodeList>(api, "GET", "/api/v1/nodes");
  return items.every((item) =>
    item.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
  );
}

interface NodeList {
  readonly items: readonly {
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

function node(name: string): unknown {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
    },
    status: { allocatable: plenty, capacity: plenty },
  };
}
