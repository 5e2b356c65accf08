import type { Facts } from "../trust/facts.ts";
import type { Sources } from "../trust/gather/gather.ts";
import { type Change, judgeChange, type Target } from "../trust/judge-change.ts";
import type { Override } from "../trust/override.ts";
import type { Policy } from "../trust/policy.ts";
import type { FactName, Rule } from "../trust/rule.ts";
import type { WriteVerdict } from "../trust/write.ts";

export type { Target } from "../trust/judge-change.ts";

/** One write, as the gate is asked about it. */
export interface Write extends Change {
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
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
  /**
   * Makes sure of the other object: reads it from the API server, unless that was done less than
   * maxAgeMs ago. False where it could not be read.
   */
  confirmPartner(written: Target, maxAgeMs: number): Promise<boolean>;
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

/** Watched or read, what is older than this is no ground to let a change of trust pass. */
const confirmedMs = 5000;

/**
 * The whole gate: a write against the live state gives a verdict. What it sees
 * is watched, and may be a moment old. So before it refuses a write for the
 * sake of the other object, it reads that one anew; and before it lets other
 * certificates in, it makes sure of it, once in a few seconds. Any other write
 * costs no API call.
 */
export async function answer(write: Write, gate: Gate): Promise<Answer | Blind> {
  const first = judgeNow(write, gate);
  if ("lost" in first) return first;
  const denied = restsOnPartner(first.verdict, write.target);
  if (!denied && !(first.verdict.allowed && changesTrust(first.after))) return first;
  const confirmed = await gate.sight.confirmPartner(write.target, denied ? 0 : confirmedMs);
  return confirmed ? judgeNow(write, gate) : { lost: [partners[write.target]] };
}

const partners: Readonly<Record<Target, string>> = {
  issuer: "ConfigMap linkerd-identity-trust-roots",
  "trust-roots": "Secret linkerd-identity-issuer",
};

/** Another set of anchors, another issuer, or one of the objects gone or new. */
function changesTrust(after: Facts): boolean {
  return trustIn(after) !== (after.previous && trustIn(after.previous));
}

function trustIn({ bundle, issuer, trustRoots, issuerSecret }: Facts): string {
  const anchors = bundle?.anchors.map(({ fingerprint }) => fingerprint).sort() ?? [];
  const present = [trustRoots?.present, issuerSecret?.present];
  return [...present, issuer?.certificate.fingerprint, issuer?.key, ...anchors].join();
}

const namespaceController = "system:serviceaccount:kube-system:namespace-controller";

function judgeNow(write: Write, gate: Gate): Answer | Blind {
  const lost = gate.sight.lost();
  if (lost.length > 0) return { lost };
  const live = gate.sight.sources();
  const terminating = live.terminating === true || write.username === namespaceController;
  const surroundings = { live: { ...live, terminating }, now: gate.clock(), namespace: gate.namespace };
  const judged = judgeChange(write, surroundings, gate.rules, gate.policy);
  const meshUnseen = gate.sight.meshUnseen();
  return { ...judged, ...(meshUnseen === undefined ? {} : { meshUnseen }) };
}

const factsOf: Readonly<Record<Target, readonly FactName[]>> = {
  "trust-roots": ["trustRoots", "bundle"],
  issuer: ["issuerSecret", "issuer"],
};

function restsOnPartner(verdict: WriteVerdict, written: Target): boolean {
  const partner = factsOf[written === "issuer" ? "trust-roots" : "issuer"];
  return verdict.denied.some(({ rule }) => rule.needs.some((name) => partner.includes(name)));
}
