import type { Facts } from "../trust/facts.ts";
import { gather } from "../trust/gather/gather.ts";
import { type Finding, judge, sameFinding } from "../trust/judge.ts";
import type { Gate } from "./answer.ts";

/** What one look at the live state found. */
export interface Look {
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  /** Not found the time before. */
  readonly worse: readonly Finding[];
  /** Found the time before, and no more. */
  readonly better: readonly Finding[];
}

export interface Audit {
  /** Looks again soon: something changed. Many calls make one look. */
  nudge(): void;
  stop(): void;
}

export interface AuditOptions {
  readonly gate: Gate;
  readonly intervalMs: number;
  /** Told of every look; of none while an object is out of sight. */
  readonly onLook: (look: Look) => void;
  /** A look failed: a defect of ours, or facts no rule was written for. */
  readonly onError: (error: unknown) => void;
}

/** How long to wait for the rest of a burst of changes. */
const settleMs = 250;

/**
 * Judges the live state again and again, for what admission cannot see: two
 * objects written at the same moment, and the passing of time.
 */
export function startAudit({ gate, intervalMs, onLook, onError }: AuditOptions): Audit {
  let last: ReadonlyMap<string, Finding> = new Map();
  let soon: NodeJS.Timeout | undefined;

  const look = () => {
    soon = undefined;
    try {
      if (gate.sight.lost().length > 0) return;
      const { facts, findings } = lookAt(gate);
      const found = new Map(findings.map((finding) => [sameFinding(finding), finding]));
      const worse = [...found].filter(([key]) => !last.has(key)).map(([, finding]) => finding);
      const better = [...last].filter(([key]) => !found.has(key)).map(([, finding]) => finding);
      last = found;
      onLook({ facts, findings, worse, better });
    } catch (error) {
      onError(error);
    }
  };

  const interval = setInterval(look, intervalMs);
  interval.unref();
  return {
    nudge() {
      soon ??= setTimeout(look, settleMs);
      soon.unref();
    },
    stop() {
      clearInterval(interval);
      clearTimeout(soon);
    },
  };
}

/** The live state, judged as it stands. */
function lookAt(gate: Gate): { readonly facts: Facts; readonly findings: readonly Finding[] } {
  const facts = gather({
    ...gate.sight.sources(),
    now: gate.clock(),
    namespace: gate.namespace,
    thresholds: gate.policy.thresholds,
  });
  return { facts, findings: judge(gate.rules, facts, gate.policy).findings };
}
