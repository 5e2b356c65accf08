import type { Check, CheckRun, ClusterOutcome } from "../survey/assessment.ts";
import type { Comparison } from "../survey/compare.ts";
import { findingsSection } from "./findings.ts";
import { type Html, html, nothing } from "./html.ts";
import { type Column, mark, name, table, timeAndDistance } from "./pieces.ts";
import { type Place, section } from "./section.ts";
import { own } from "./shell.ts";
import { symbols, verdictOf } from "./verdict.ts";

/** Several clusters in one table, and what they make of one another. */
export function betweenClusters(
  place: Place,
  { clusters, comparison }: CheckRun,
  prefixes: readonly string[],
): Html {
  const rows = clusters.map((one, i) => summary(one, prefixes[i] ?? ""));
  const columns: readonly Column[] = [
    { title: "Cluster", width: 20 },
    { title: "State" },
    { title: "Issuer ends", width: 20 },
    { title: "First anchor ends", width: 20 },
    { title: "Proxies", width: 10 },
  ];
  const about = "How each of them is. Proxies of two clusters talk when each trusts the other's issuer.";
  return html`${section(place, { id: "clusters", title: "Clusters", about }, table("The clusters", columns, rows))}
${comparison === undefined ? nothing : compared(place, comparison, clusters)}`;
}

function summary(outcome: ClusterOutcome, prefix: string): Html[] {
  const { name: called, assessment, failure } = outcome;
  const link = html`<a href="#${prefix}cluster">${called}</a>`;
  if (assessment === undefined)
    return [link, html`${mark("error")}${failure?.message ?? "not asked"}`, html`–`, html`–`, html`–`];
  const { facts, at } = assessment.survey;
  const verdict = verdictOf({ clusters: [outcome] });
  const [first] = (facts.bundle?.anchors ?? []).toSorted(
    (a, b) => a.notAfter.getTime() - b.notAfter.getTime(),
  );
  return [
    link,
    html`${mark(verdict.mark)}${verdict.sentence}`,
    facts.issuer === undefined ? html`not known` : timeAndDistance(facts.issuer.certificate.notAfter, at),
    first === undefined ? html`not known` : timeAndDistance(first.notAfter, at),
    html`${facts.mesh?.proxies ?? "not known"}`,
  ];
}

function compared(place: Place, comparison: Comparison, outcomes: readonly ClusterOutcome[]): Html {
  const { clusters, anchors, checks } = comparison;
  const rows = anchors.map(({ anchor, heldBy }) => [
    name(anchor),
    ...clusters.map((one) => (heldBy.includes(one) ? held : lacking)),
  ]);
  const matrix = table(
    "Anchors by cluster",
    [{ title: "Anchor", width: 35 }, ...clusters.map((title) => ({ title }))],
    rows,
  );
  const about = "Which cluster's live bundle holds which anchor.";
  const inner = { ...place, prefix: "between-" };
  return html`${findingsSection(inner, "Between the clusters", checks, (check) => sharing(check, comparison, outcomes))}
${rows.length > 0 && section(inner, { id: "anchors", title: "Anchors by cluster", about }, matrix)}`;
}

const held = html`<span class="mark success" aria-hidden="true">${symbols.success}</span><span class="unseen">yes</span>`;
const lacking = html`<span class="mark skipped" aria-hidden="true">${symbols.skipped}</span><span class="unseen">no</span>`;

/** For each cluster that lacks an anchor: takes in the bundles of those that have it. */
function sharing(
  { id }: Check,
  { clusters, anchors }: Comparison,
  outcomes: readonly ClusterOutcome[],
): string[] {
  const namespace =
    outcomes.find(({ assessment }) => assessment !== undefined)?.assessment?.survey.namespace ?? "linkerd";
  if (id !== "clusters-share-anchors" && id !== "clusters-trust-each-other") return [];
  return clusters.flatMap((cluster) => {
    const missing = anchors.filter(({ heldBy }) => !heldBy.includes(cluster));
    const from = new Set(missing.flatMap(({ heldBy }) => heldBy[0] ?? []));
    if (from.size === 0) return [];
    const words = [...from].flatMap((one) => ["--from-context", one]);
    return [own(["bundle", "--live", ...words, "--apply"], { context: cluster, namespace })];
  });
}
