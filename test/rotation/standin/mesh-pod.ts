import { parseDuration } from "../../../trust/duration.ts";
import type { Container } from "../../cluster/objects.ts";
import { trustAnchorsVariable } from "../../cluster/proxy.ts";
import type { SeenPod } from "./holding.ts";
import type { Lifetime } from "./leaf.ts";

export function nameOf({ metadata }: SeenPod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** "identity", "proxy-injector", "destination" for pods of this control plane. */
export function componentOf({ metadata }: SeenPod, namespace: string): string | undefined {
  return metadata.namespace === namespace
    ? metadata.labels?.["linkerd.io/control-plane-component"]
    : undefined;
}

export function runs({ status }: SeenPod): boolean {
  return (
    status?.phase === "Running" && (status.containerStatuses ?? []).every(({ state }) => "running" in state)
  );
}

export function ended({ status }: SeenPod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** The proxy's anchors: a text, or "by-reference" where the kubelet takes it from the ConfigMap. */
export function anchorsOf(pod: SeenPod): string | "by-reference" | undefined {
  const variable = proxyOf(pod)?.env?.find(({ name }) => name === trustAnchorsVariable);
  if (variable === undefined) return undefined;
  return variable.value ?? "by-reference";
}

export function identityNameOf(pod: SeenPod): string {
  const environment = new Map(proxyOf(pod)?.env?.map(({ name, value }) => [name, value]));
  const [namespace, domain] = [environment.get("_l5d_ns"), environment.get("_l5d_trustdomain")];
  const account = pod.spec.serviceAccountName ?? "default";
  return `${account}.${pod.metadata.namespace}.serviceaccount.identity.${namespace}.${domain}`;
}

/** Whether it says itself that it wants a proxy, or not; undefined where its namespace decides. */
export function wantsInjection({ metadata }: SeenPod): boolean | undefined {
  const wish = metadata.annotations?.["linkerd.io/inject"];
  return wish === undefined ? undefined : wish === "enabled";
}

/** What identity was told on its command line. */
export function argumentsOf(
  pod: SeenPod,
): Lifetime & { readonly scheme: string; readonly trustDomain: string } {
  const container = pod.spec.containers.find(({ name }) => name === "identity");
  const value = (flag: string, otherwise: string) =>
    container?.args?.find((arg) => arg.startsWith(`-${flag}=`))?.slice(flag.length + 2) ?? otherwise;
  return {
    lifetimeMs: parseDuration(value("identity-issuance-lifetime", "24h")) ?? 86_400_000,
    skewMs: parseDuration(value("identity-clock-skew-allowance", "20s")) ?? 20_000,
    scheme: value("identity-scheme", "linkerd.io/tls"),
    trustDomain: value("identity-trust-domain", "cluster.local"),
  };
}

function proxyOf({ spec }: SeenPod): Container | undefined {
  return [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === "linkerd-proxy");
}
