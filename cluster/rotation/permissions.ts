import { installConfigName } from "../../trust/gather/install-config.ts";
import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import { type WorkloadKind, workloadKinds } from "./kinds.ts";
import { leaseName } from "./lease/lease-object.ts";
import { overridesName } from "./perform/keep-in-step.ts";
import { previousIssuerName } from "./perform/previous-issuer.ts";

/** One thing that our account must be allowed to do. */
export interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** "status". */
  readonly subresource?: string;
  /** Undefined: in all of them. */
  readonly namespace?: string;
  /** Undefined: whatever it is called. */
  readonly name?: string;
}

export interface Needs {
  /** Linkerd's own. */
  readonly namespace: string;
  readonly kinds: readonly WorkloadKind[];
}

/** All that a rotation will ask for, in Linkerd's namespace and for looking at the whole cluster. */
export function permissionsNeeded({ namespace, kinds }: Needs): Permission[] {
  const inside = (verbs: string, group: string, resource: string, name?: string): Permission[] =>
    verbs
      .split(" ")
      .map((verb) => ({ verb, group, resource, namespace, ...(name === undefined ? {} : { name }) }));
  const everywhere = (group: string, resource: string): Permission[] =>
    ["list", "watch"].map((verb) => ({ verb, group, resource }));
  return [
    ...everywhere("", "pods"),
    ...kinds.flatMap((kind) => everywhere(workloadKinds[kind].group, workloadKinds[kind].resource)),
    ...inside("get list watch patch", "", "configmaps", trustRootsName),
    ...inside("get patch", "", "configmaps", installConfigName),
    // The journal: its ConfigMaps are named by the rotation.
    ...inside("create get list patch", "", "configmaps"),
    ...inside("get list watch patch", "", "secrets", issuerSecretName),
    ...inside("get update delete", "", "secrets", previousIssuerName),
    ...inside("get patch", "", "secrets", overridesName),
    ...inside("create", "", "secrets"),
    ...inside("list watch", "", "events"),
    ...inside("create", "events.k8s.io", "events"),
    ...inside("get patch", "coordination.k8s.io", "leases", leaseName),
    ...inside("create", "coordination.k8s.io", "leases"),
    ...inside("patch", "apps", "deployments"),
  ];
}

/** What restarts need: everywhere, or at least where something meshed runs. */
export function restartsNeeded(kinds: readonly WorkloadKind[]): Permission[] {
  return [
    { verb: "create", group: "", resource: "pods" },
    ...kinds.map((kind) => {
      const { group, resource } = workloadKinds[kind];
      return { verb: "patch", group, resource };
    }),
  ];
}

/** "patch deployments.apps in namespace shop". */
export function permissionText({ verb, group, resource, subresource, namespace, name }: Permission): string {
  const part = subresource === undefined ? resource : `${resource}/${subresource}`;
  const what = group === "" ? part : `${part}.${group}`;
  const which = name === undefined ? what : `${what}/${name}`;
  return `${verb} ${which} ${namespace === undefined ? "in all namespaces" : `in namespace ${namespace}`}`;
}
