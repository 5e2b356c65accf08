import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { GroupName } from "./assessment.ts";

/** What somebody would write to mend what a group of questions finds. */
export function objectOf(group: GroupName, namespace = "linkerd"): string | undefined {
  if (group === "trust bundle" || group === "anchors") return `ConfigMap ${namespace}/${trustRootsName}`;
  return group === "issuer" ? `Secret ${namespace}/${issuerSecretName}` : undefined;
}
