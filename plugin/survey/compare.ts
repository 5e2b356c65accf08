import { distinct, sameAnchor } from "../../trust/judgements.ts";
import { few, named } from "../../trust/naming.ts";
import { type Certificate, verifyIssuerAsProxy } from "../../trust/x509/index.ts";
import { type Check, type CheckFinding, worst } from "./assessment.ts";
import { clusterChecks } from "./cluster-checks.ts";
import { observationDocs } from "./observations/observation.ts";
import type { Survey } from "./types.ts";

/** What several clusters share. */
export interface Comparison {
  /** As the contexts were named. */
  readonly clusters: readonly string[];
  /** Every anchor of any of them, and who has it. */
  readonly anchors: readonly { readonly anchor: Certificate; readonly heldBy: readonly string[] }[];
  readonly checks: readonly Check[];
}

/** Proxies of two clusters talk when each trusts the other's issuer: sets need not be equal. */
export function compare(surveys: readonly Survey[]): Comparison {
  const clusters = surveys.map(nameOf);
  const all: Certificate[] = [];
  for (const anchor of surveys.flatMap(({ facts }) => distinct(facts.bundle?.anchors ?? [])))
    if (!all.some((one) => sameAnchor(one, anchor))) all.push(anchor);
  const anchors = all
    .sort((a, b) => (a.name === b.name ? (a.fingerprint < b.fingerprint ? -1 : 1) : a.name < b.name ? -1 : 1))
    .map((anchor) => ({ anchor, heldBy: surveys.filter((one) => holds(one, anchor)).map(nameOf) }));
  const unseen = surveys.filter(({ facts }) => facts.bundle === undefined).map(nameOf);
  return { clusters, anchors, checks: [trusted(surveys, unseen), shared(surveys, anchors, unseen)] };
}

function nameOf({ context, cluster }: Survey): string {
  return context ?? cluster;
}

function trusted(surveys: readonly Survey[], unseen: readonly string[]): Check {
  const findings = surveys.flatMap((from) => {
    const { issuer } = from.facts;
    if (issuer === undefined) return [];
    return surveys.flatMap((to): CheckFinding[] => {
      const bundle = to.facts.bundle;
      if (from === to || bundle === undefined) return [];
      const chain = [issuer.certificate, ...issuer.intermediates];
      const { ok, reason } = verifyIssuerAsProxy(chain, bundle.anchors, to.at, []);
      if (ok) return [];
      const message = `${nameOf(to)} does not trust issuer ${named(issuer.certificate)} of ${nameOf(from)}`;
      return [{ severity: "error", message, ...(reason === undefined ? {} : { detail: reason }) }];
    });
  });
  return checkOf({ ...clusterChecks.trust, findings, unseen });
}

function shared(
  surveys: readonly Survey[],
  anchors: Comparison["anchors"],
  unseen: readonly string[],
): Check {
  const seen = surveys.filter(({ facts }) => facts.bundle !== undefined);
  const findings = seen.flatMap((one): CheckFinding[] => {
    const lacks = anchors.filter(({ heldBy }) => !heldBy.includes(nameOf(one)));
    if (lacks.length === 0) return [];
    const message = `${nameOf(one)} lacks anchor ${few(lacks.map(({ anchor }) => named(anchor)))}`;
    return [{ severity: "warning", message }];
  });
  return checkOf({ ...clusterChecks.share, findings, unseen });
}

interface About extends Pick<Check, "id" | "summary" | "remedy" | "findings"> {
  readonly unseen: readonly string[];
}

function checkOf({ id, summary, remedy, findings, unseen }: About): Check {
  const check = { id, summary, remedy, findings, docs: observationDocs(id) };
  if (findings.length > 0) return { ...check, result: worst(findings.map(({ severity }) => severity)) };
  return unseen.length > 0
    ? { ...check, result: "skipped", why: `the trust bundle of ${unseen.join(" and ")} is not in sight` }
    : { ...check, result: "success" };
}

function holds({ facts }: Survey, anchor: Certificate): boolean {
  return facts.bundle?.anchors.some((one) => sameAnchor(one, anchor)) ?? false;
}
