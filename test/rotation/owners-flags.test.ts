import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { deploymentFlag } from "../../cluster/owners/deployment-flag.ts";
import { trustNamespaceOf } from "../../cluster/owners/trust-namespace.ts";

const { signal } = new AbortController();

describe("where the managers read their Secrets", () => {
  test("is what their Deployment's flag says", async () => {
    assert.equal(await trustNamespaceOf(running(["--trust-namespace=trust"]), signal), "trust");
  });

  test("is the Deployment's own namespace where the flag says $(POD_NAMESPACE)", async () => {
    const cluster = running(["--v=2", "--cluster-resource-namespace=$(POD_NAMESPACE)"]);
    assert.equal(
      await deploymentFlag(cluster, "cert-manager", "cluster-resource-namespace", signal),
      "managers",
    );
  });

  test("is cert-manager where no flag says it, and where Deployments may not be listed", async () => {
    assert.equal(await trustNamespaceOf(running(["--trust-namespaces=no"]), signal), "cert-manager");
    const list = () => Promise.reject(new Failure("forbidden", "Ask.", { status: 403 }));
    assert.equal(await trustNamespaceOf({ list } as unknown as Cluster, signal), "cert-manager");
  });
});

/** A cluster with one Deployment, in namespace managers, of these arguments. */
function running(args: readonly string[]): Cluster {
  const object = {
    metadata: { namespace: "managers" },
    spec: { template: { spec: { containers: [{ args }] } } },
  };
  const list: Cluster["list"] = async (_path, { each }) => {
    each(object);
    return { resourceVersion: "1" };
  };
  return { list } as unknown as Cluster; // nothing else is asked of it
}
