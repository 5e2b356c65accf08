import { after, before } from "node:test";
import { type Cluster, connect } from "../../../cluster/connect.ts";
import { mustApi } from "../../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";

export interface BareCluster {
  readonly cp: ControlPlane;
  readonly cluster: Cluster;
}

/** For the tests of one `describe`: a control plane with nothing in it but namespace linkerd. To be asked within tests. */
export function bareCluster(): BareCluster {
  let there: BareCluster | undefined;
  before(async () => {
    const cp = await startControlPlane({ kwok: false });
    await mustApi(cp.api, "POST", "/api/v1/namespaces", { metadata: { name: "linkerd" } });
    there = { cp, cluster: await connect({ kubeconfig: cp.kubeconfig }) };
  });
  after(async () => {
    there?.cluster.close();
    await there?.cp.stop();
  });
  const now = () => {
    if (there === undefined) throw new Error("asked for before the tests begin");
    return there;
  };
  return {
    get cp() {
      return now().cp;
    },
    get cluster() {
      return now().cluster;
    },
  };
}
