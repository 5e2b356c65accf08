import { parse } from "yaml";
import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { isRecord } from "../../trust/fields.ts";
import { defaultPolicy, type Policy } from "../../trust/policy.ts";
import type { Severity } from "../../trust/rule.ts";

const severities: readonly (Severity | "off")[] = ["deny", "warn", "off"];

/** How strict a guard is, by the text of its configuration; undefined where it is none. */
export function policyIn(text: string): Policy | undefined {
  let config: unknown;
  try {
    config = parse(text, { maxAliasCount: 0, logLevel: "silent" }) ?? {};
  } catch {
    return undefined;
  }
  if (!isRecord(config)) return undefined;
  const { rules, thresholds } = config;
  const set = Object.entries(isRecord(rules) ? rules : {}).flatMap(([id, value]) => {
    const severity = severities.find((one) => one === value);
    return severity === undefined ? [] : [[id, severity] as const];
  });
  const number = (name: "remainingShare" | "ceilingDays") => {
    const value = isRecord(thresholds) ? thresholds[name] : undefined;
    return typeof value === "number" ? value : defaultPolicy.thresholds[name];
  };
  return {
    severities: Object.fromEntries(set),
    thresholds: { remainingShare: number("remainingShare"), ceilingDays: number("ceilingDays") },
  };
}

/** The policy of the guard that is installed, and what is to be said of it. */
export async function livePolicy(
  cluster: Cluster,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<{ policy: Policy; note?: string }> {
  const assumed = "its defaults are assumed; name its configuration with --guard-config";
  try {
    const inside = "namespaces/linkerd-certs";
    const guard = await cluster.request("GET", `/apis/apps/v1/${inside}/deployments/linkerd-certs`, options);
    if (guard.status === 404)
      return {
        policy: defaultPolicy,
        note: "no guard is installed there, so nothing but this refuses anything",
      };
    const name = configNameIn(guard.body);
    const map =
      name === undefined
        ? undefined
        : await cluster.request("GET", `/api/v1/${inside}/configmaps/${name}`, options);
    const data = isRecord(map?.body) ? map.body["data"] : undefined;
    const text = isRecord(data) ? data["config.yaml"] : undefined;
    const policy = typeof text === "string" ? policyIn(text) : undefined;
    return policy
      ? { policy }
      : { policy: defaultPolicy, note: `the guard's configuration is not there: ${assumed}` };
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 403) throw error;
    return { policy: defaultPolicy, note: `the guard's configuration may not be read: ${assumed}` };
  }
}

/** The ConfigMap that the Deployment mounts: its name ends in a hash. */
function configNameIn(deployment: unknown): string | undefined {
  let value = deployment;
  for (const key of ["spec", "template", "spec", "volumes"]) value = isRecord(value) ? value[key] : undefined;
  const volumes: readonly unknown[] = Array.isArray(value) ? value : [];
  for (const volume of volumes) {
    const map = isRecord(volume) ? volume["configMap"] : undefined;
    const name = isRecord(map) ? map["name"] : undefined;
    if (typeof name === "string") return name;
  }
  return undefined;
}
