import { usualTrustNamespace } from "../../trust/owners/trust-sources.ts";
import type { Cluster } from "../connect.ts";
import { deploymentFlag } from "./deployment-flag.ts";

/** Where trust-manager reads its sources: as its Deployment's argument says; else, and where that cannot be seen, as it does by default. */
export async function trustNamespaceOf(cluster: Cluster, signal: AbortSignal): Promise<string> {
  return (await deploymentFlag(cluster, "trust-manager", "trust-namespace", signal)) ?? usualTrustNamespace;
}
