import type { Facts } from "./facts.ts";
import { gather, type Sources } from "./gather/gather.ts";
import { openIssuerSecret } from "./gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "./gather/objects.ts";
import { openTrustRoots } from "./gather/trust-roots.ts";
import { type Override, overrideIn } from "./override.ts";
import type { Policy } from "./policy.ts";
import type { Rule } from "./rule.ts";
import { judgeWrite, type WriteVerdict } from "./write.ts";

export type Target = "trust-roots" | "issuer";

/** One write of one object: as it was and as it would be, undefined where it is not there. */
export interface Change {
  readonly target: Target;
  readonly object?: ConfigMap | Secret | undefined;
  readonly oldObject?: ConfigMap | Secret | undefined;
}

/** All else that a write is judged with; the written object's own state comes with the write. */
export interface Surroundings {
  readonly live: Omit<Sources, "now" | "namespace" | "thresholds" | "previous">;
  readonly now: Date;
  /** Linkerd's own. */
  readonly namespace: string;
}

export interface ChangeVerdict {
  readonly verdict: WriteVerdict;
  readonly after: Facts;
  readonly override?: Override;
}

/** What the gate answers to a write, and what the desk says that it would: the facts before, the facts after, judged. */
export function judgeChange(
  { target, object, oldObject }: Change,
  { live, now, namespace }: Surroundings,
  rules: readonly Rule[],
  policy: Policy,
): ChangeVerdict {
  const context = { ...live, now, namespace, thresholds: policy.thresholds };
  const before = gather({ ...context, ...opened(target, oldObject) });
  const after = gather({ ...context, ...opened(target, object), previous: before });
  const override = overrideIn((object ?? oldObject)?.metadata);
  const verdict = judgeWrite(rules, before, after, policy, new Set(override?.rules));
  return { verdict, after, ...(override === undefined ? {} : { override }) };
}

function opened(target: Target, object: ConfigMap | Secret | undefined): Partial<Sources> {
  // Whoever asks has checked the object's shape against its kind.
  return target === "trust-roots"
    ? { trustRoots: openTrustRoots(object as ConfigMap | undefined) }
    : { issuerSecret: openIssuerSecret(object as Secret | undefined) };
}
