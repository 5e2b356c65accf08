import { installConfigName, openInstallConfig } from "../../trust/gather/install-config.ts";
import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap } from "../../trust/gather/objects.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import { judgeChange, type Target } from "../../trust/judge-change.ts";
import type { Policy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import type { WriteVerdict } from "../../trust/write.ts";
import type { JsonObject, Manifest } from "../manifest/manifest.ts";
import { applied, placed } from "./apply.ts";
import { type Refused, settle, unchangeable } from "./settle.ts";
import { type State, surroundingsOf, written } from "./state.ts";

/** What will come of one write, in its place in the order. */
export interface Prediction {
  /** Undefined where the write is the removal of what the manifests no longer hold. */
  readonly manifest?: Manifest;
  readonly target: Target;
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "none";
  readonly allowed: boolean;
  /** The guard's; undefined where it is not asked. */
  readonly verdict?: WriteVerdict;
  /** The API server's own, before the guard is asked. */
  readonly refused?: Refused;
}

export interface Circumstances {
  readonly now: Date;
  /** Linkerd's own. */
  readonly namespace: string;
  readonly policy: Policy;
}

const names = { "trust-roots": trustRootsName, issuer: issuerSecretName } as const;
const kinds = { "trust-roots": "ConfigMap", issuer: "Secret" } as const;

/** Which of the guarded objects a manifest is, if any. One that names no namespace is taken for Linkerd's. */
export function targetOf(manifest: Manifest, namespace: string): Target | undefined {
  return (["trust-roots", "issuer"] as const).find((target) =>
    isCore(manifest, kinds[target], names[target], namespace),
  );
}

export function isInstallConfig(manifest: Manifest, namespace: string): boolean {
  return isCore(manifest, "ConfigMap", installConfigName, namespace);
}

/** Applies the manifests one after the other, as kubectl does; what is refused leaves the state as it was. */
export function predict(
  manifests: readonly Manifest[],
  state: State,
  circumstances: Circumstances,
): Prediction[] {
  const { namespace, now } = circumstances;
  const predictions: Prediction[] = [];
  let current = state;
  for (const manifest of manifests) {
    if (isInstallConfig(manifest, namespace)) {
      const opened = settle("ConfigMap", manifest.object);
      if (!("message" in opened)) current = { ...current, install: openInstallConfig(opened) };
    }
    const target = targetOf(manifest, namespace);
    if (target === undefined) continue;
    const { prediction, object } = predictApply(manifest, target, current, circumstances);
    predictions.push(prediction);
    if (prediction.allowed && object !== undefined) current = written(current, target, object, now);
  }
  return predictions;
}

/** What comes of it where a tool deletes the objects that stood in the manifests before and no longer do. */
export function predictRemoval(target: Target, state: State, circumstances: Circumstances): Prediction {
  const oldObject = state.objects[target] || undefined;
  const verdict = verdictOn({ target, oldObject }, state, circumstances);
  return { target, operation: "DELETE", allowed: verdict.allowed, verdict };
}

interface Applied {
  readonly prediction: Prediction;
  readonly object?: JsonObject;
}

function predictApply(
  manifest: Manifest,
  target: Target,
  state: State,
  circumstances: Circumstances,
): Applied {
  const live = state.objects[target] || undefined;
  const operation = live === undefined ? "CREATE" : "UPDATE";
  const merged = applied(placed(manifest, circumstances.namespace), live, circumstances.now);
  if (merged === undefined) return { prediction: { manifest, target, operation: "none", allowed: true } };
  const object = settle(kinds[target], merged);
  const refused = "message" in object ? object : live && unchangeable(live, merged);
  if (refused !== undefined || "message" in object)
    return { prediction: { manifest, target, operation, allowed: false, ...(refused ? { refused } : {}) } };
  const verdict = verdictOn({ target, object, oldObject: live }, state, circumstances);
  return {
    prediction: { manifest, target, operation, allowed: verdict.allowed, verdict },
    object: { ...object },
  };
}

function verdictOn(
  change: { target: Target; object?: ConfigMap; oldObject?: JsonObject | undefined },
  state: State,
  { now, namespace, policy }: Circumstances,
): WriteVerdict {
  return judgeChange(change, { live: surroundingsOf(state), now, namespace }, rules, policy).verdict;
}

function isCore(manifest: Manifest, kind: string, name: string, namespace: string): boolean {
  return (
    manifest.apiVersion === "v1" &&
    manifest.kind === kind &&
    manifest.name === name &&
    (manifest.namespace ?? namespace) === namespace
  );
}
