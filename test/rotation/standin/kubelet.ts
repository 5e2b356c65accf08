import { Duplex, duplexPair } from "node:stream";
import { TLSSocket } from "node:tls";
import { type Api, mustApi } from "../../cluster/api.ts";
import { startKubelet } from "../../cluster/kubelet.ts";
import type { Member } from "./population.ts";

/** One kubelet for all nodes: a port-forward to a pod meets the leaf that its proxy holds at that moment. */
export async function serveLeaves(api: Api, proxyOf: (pod: string) => Member | undefined): Promise<void> {
  const { port } = await startKubelet((pod) => {
    const member = proxyOf(pod);
    if (member === undefined) return Duplex.from([]);
    const [near, far] = duplexPair();
    const served = new TLSSocket(far, { isServer: true, secureContext: member.context() });
    served.on("error", () => {});
    return near;
  });
  const { items } = await mustApi<{ items: { metadata: { name: string } }[] }>(api, "GET", "/api/v1/nodes");
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  for (const { metadata } of items)
    await mustApi(api, "PATCH", `/api/v1/nodes/${metadata.name}/status`, { status });
}
