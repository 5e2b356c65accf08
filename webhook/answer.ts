import type { Facts } from "../trust/facts.ts";
import { gather, type Sources } from "../trust/gather/gather.ts";
import { openIssuerSecret } from "../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../trust/gather/objects.ts";
import { openTrustRoots } from "../trust/gather/trust-roots.ts";
import { type Override, overrideIn } from "../trust/override.ts";
import type { Policy } from "../trust/policy.ts";
import type { FactName, Rule } from "../trust/rule.ts";
import { judgeWrite, type WriteVerdict } from "../trust/write.ts";

export type Target = "trust-roots" | "issuer";

/** One write, as the gate is asked about it. */
export interface Write {
  readonly target: Target;
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly object?: ConfigMap | Secret | undefined;
  readonly oldObject?: ConfigMap | Secret | undefined;
  readonly username: string;
}

/** What the gate sees of the mesh besides the write itself. */
export interface Sight {
  /** The live objects and the mesh; the written object's own state comes with the write. */
  sources(): Omit<Sources, "now" | "namespace" | "thresholds" | "previous">;
  /** Objects out of sight, in words; judging without them would be guessing. */
  lost(): readonly string[];
  /** Why the mesh is out of sight; undefined where it is seen. */
  meshUnseen(): string | undefined;
  /** Reads the other object from the API server, lest a denial rest on a stale copy. */
  refreshPartner(written: Target): Promise<void>;
}

export interface Gate {
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  readonly namespace: string;
  readonly sight: Sight;
  readonly clock: () => Date;
}

export interface Answer {
  readonly verdict: WriteVerdict;
  readonly after: Facts;
  readonly override?: Override;
  readonly meshUnseen?: string;
}

/** What keeps the gate from answering; the write is refused, and may be tried again. */
export interface Blind {
  readonly lost: readonly string[];
}

/**
 * The whole gate: a write against the live state gives a verdict. It makes no
 * API call, but for one case: before it refuses a write for the sake of the
 * other object, it reads that one anew.
 */
export async function answer(write: Write, gate: Gate): Promise<Answer | Blind> {
  const first = judgeNow(write, gate);
  if ("lost" in first || !restsOnPartner(first.verdict, write.target)) return first;
  await gate.sight.refreshPartner(write.target);
  return judgeNow(write, gate);
}

const namespaceController = "system:serviceaccount:kube-system:namespace-controller";

function judgeNow(write: Write, gate: Gate): Answer | Blind {
  const lost = gate.sight.lost();
  if (lost.length > 0) return { lost };
  const live = gate.sight.sources();
  const context = {
    ...live,
    now: gate.clock(),
    namespace: gate.namespace,
    thresholds: gate.policy.thresholds,
    terminating: live.terminating === true || write.username === namespaceController,
  };
  const before = gather({ ...context, ...opened(write.target, write.oldObject) });
  const after = gather({ ...context, ...opened(write.target, write.object), previous: before });
  const override = overrideIn((write.object ?? write.oldObject)?.metadata);
  const verdict = judgeWrite(gate.rules, before, after, gate.policy, new Set(override?.rules));
  const meshUnseen = gate.sight.meshUnseen();
  return {
    verdict,
    after,
    ...(override === undefined ? {} : { override }),
    ...(meshUnseen === undefined ? {} : { meshUnseen }),
  };
}

function opened(target: Target, object: ConfigMap | Secret | undefined): Partial<Sources> {
  // The review's schema has checked the object's shape against its kind.
  return target === "trust-roots"
    ? { trustRoots: openTrustRoots(object as ConfigMap | undefined) }
    : { issuerSecret: openIssuerSecret(object as Secret | undefined) };
}

const factsOf: Readonly<Record<Target, readonly FactName[]>> = {
  "trust-roots": ["trustRoots", "bundle"],
  issuer: ["issuerSecret", "issuer"],
};

function restsOnPartner(verdict: WriteVerdict, written: Target): boolean {
  const partner = factsOf[written === "issuer" ? "trust-roots" : "issuer"];
  return verdict.denied.some(({ rule }) => rule.needs.some((name) => partner.includes(name)));
}
