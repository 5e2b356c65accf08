import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { type Deed, permitted } from "../cluster/permitted.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What the guard may do in Linkerd's namespace … */
export const inNamespace: readonly Rule[] = [
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: ["linkerd-identity-trust-roots", "linkerd-config"],
    verbs: ["list", "watch"],
  },
  {
    apiGroups: [""],
    resources: ["secrets"],
    resourceNames: ["linkerd-identity-issuer"],
    verbs: ["list", "watch"],
  },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
];

/** … and in the whole cluster. */
export const inCluster = (namespace: string): readonly Rule[] => [
  { apiGroups: [""], resources: ["namespaces"], resourceNames: [namespace], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] },
];

/** Makes a service account of these permissions, which it has then, and gives its kubeconfig. The namespace is made, too. */
export async function account(
  cp: ControlPlane,
  name: string,
  namespace: string,
  rules: { readonly namespaced?: readonly Rule[]; readonly clusterWide?: readonly Rule[] },
): Promise<string> {
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const inside = `${rbac}/namespaces/${namespace}`;
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const roleRef = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name });
  const make = (path: string, object: object) =>
    mustApi(cp.api, "POST", path, { metadata: { name }, ...object });

  await cp.api("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  await make(`/api/v1/namespaces/${namespace}/serviceaccounts`, {});
  await make(`${inside}/roles`, { rules: rules.namespaced ?? [] });
  await make(`${inside}/rolebindings`, { subjects, roleRef: roleRef("Role") });
  await make(`${rbac}/clusterroles`, { rules: rules.clusterWide ?? [] });
  await make(`${rbac}/clusterrolebindings`, { subjects, roleRef: roleRef("ClusterRole") });
  const user = `system:serviceaccount:${namespace}:${name}`;
  for (const rule of rules.namespaced ?? []) await permitted(cp, user, { ...deedOf(rule), namespace });
  for (const rule of rules.clusterWide ?? []) await permitted(cp, user, deedOf(rule));
  return cp.kubeconfigFor(name, namespace);
}

/** One of what the rule allows. */
function deedOf({
  apiGroups: [group = ""],
  resources: [resource = ""],
  resourceNames,
  verbs: [verb = ""],
}: Rule): Deed {
  const [name] = resourceNames ?? [];
  return { verb, group, resource, ...(name === undefined ? {} : { name }) };
}
