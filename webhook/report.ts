import type { Event, Recorder } from "../cluster/events.ts";
import { issuerSecretName } from "../trust/gather/issuer-secret.ts";
import { trustRootsName } from "../trust/gather/trust-roots.ts";
import type { Finding } from "../trust/judge.ts";
import { distinct } from "../trust/judgements.ts";
import type { Look } from "./audit.ts";
import type { Log } from "./log/log.ts";
import type { Metrics } from "./metrics.ts";

export interface ReportOptions {
  readonly namespace: string;
  readonly metrics: Pick<
    Metrics,
    "findings" | "auditDone" | "anchorExpiry" | "issuerExpiry" | "issuerChains"
  >;
  readonly events: Pick<Recorder, "record">;
  readonly log: Log;
}

/** Tells Prometheus of every look, and people of what got worse or better, as Events on the object. */
export function reporter({ namespace, metrics, events, log }: ReportOptions): (look: Look) => void {
  return ({ facts, findings, worse, better }) => {
    metrics.findings(countByRule(findings));
    metrics.auditDone(facts.now);
    metrics.anchorExpiry(distinct(facts.bundle?.anchors ?? []));
    metrics.issuerExpiry(facts.issuer?.certificate.notAfter);
    metrics.issuerChains(facts.issuer?.byIdentity?.ok);
    for (const finding of worse) {
      log.warn({ rule: finding.rule.id, severity: finding.severity, finding: finding.message }, "found");
      events.record(eventOf(finding, namespace, "worse"));
    }
    for (const finding of better) {
      log.info({ rule: finding.rule.id, finding: finding.message }, "found no more");
      events.record(eventOf(finding, namespace, "better"));
    }
  };
}

function eventOf(finding: Finding, namespace: string, turn: "worse" | "better"): Event {
  const issuer = finding.about === "issuer";
  const { rule, message, detail } = finding;
  const more = detail === undefined ? "" : ` (${detail})`;
  return {
    regarding: {
      apiVersion: "v1",
      kind: issuer ? "Secret" : "ConfigMap",
      namespace,
      name: issuer ? issuerSecretName : trustRootsName,
    },
    type: turn === "worse" ? "Warning" : "Normal",
    reason: turn === "worse" ? "TrustFinding" : "TrustFindingGone",
    action: "Audit",
    note:
      turn === "worse"
        ? `${message} [${rule.id}]${more}; fix: ${rule.remedy}`
        : `no longer found: ${message} [${rule.id}]`,
  };
}

function countByRule(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of findings) counts[rule.id] = (counts[rule.id] ?? 0) + 1;
  return counts;
}
