import { createHash } from "node:crypto";
import { moment } from "../../trust/naming.ts";
import type { CheckRun, ClusterOutcome } from "../survey/assessment.ts";
import { betweenClusters } from "./clusters.ts";
import { findingsSection } from "./findings.ts";
import { figures, header } from "./header.ts";
import { type Html, html, nothing, trusted } from "./html.ts";
import { nextSection } from "./next.ts";
import { failureSection, questionsSection, unseenSection } from "./questions.ts";
import { commandsFor } from "./remedies.ts";
import { heading, type Place } from "./section.ts";
import { style } from "./style.ts";
import { placesSection, trustSection, webhooksSection } from "./tables.ts";
import { treeSection } from "./tree.ts";
import { symbols, verdictOf } from "./verdict.ts";

/**
 * The whole report as one HTML page: no script, nothing from the network, and
 * a policy that would stop both.
 */
export function page(run: CheckRun, now: Date): string {
  const { clusters } = run;
  const several = clusters.length > 1;
  const title = several ? `${clusters.length} clusters` : clusterTitle(clusters[0]);
  const prefixes = clusters.map((_, i) => (several ? `c${i + 1}-` : ""));
  const parts = clusters.map((one, i) => cluster(one, prefixes[i] ?? "", several));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${symbols[verdictOf(run).mark]} Linkerd trust of ${title}</title>
${trusted(`<style>${style}</style>`)}
</head>
<body>
<a class="skip" href="#content">Skip to the findings</a>
${header(title, run, now)}
<main id="content" tabindex="-1">
${several ? betweenClusters({ level: 2, prefix: "" }, run, prefixes) : nothing}
${parts}
</main>
<footer><p>Made by linkerd-certs from what the API server showed at ${moment(now)}. No private key is read into this file.</p></footer>
</body>
</html>
`.html;
}

/** Whether that is a report, of whichever version: nothing else is replaced by one. */
export function isReport(text: string): boolean {
  return /^<!doctype html>\n/.test(text) && /<title>[^<]* Linkerd trust of /.test(text);
}

const hash = createHash("sha256").update(style).digest("base64");
const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;

function cluster(outcome: ClusterOutcome, prefix: string, several: boolean): Html {
  const place: Place = { level: several ? 3 : 2, prefix };
  const body =
    outcome.assessment === undefined ? failed(outcome, place) : assessed(outcome.assessment, place);
  if (!several) return body;
  const survey = outcome.assessment?.survey;
  return html`<section class="cluster" aria-labelledby="${prefix}cluster">
${heading(2, `${prefix}cluster`, outcome.name)}
${survey !== undefined && html`<p class="where">${survey.cluster} · Linkerd in namespace ${survey.namespace}</p>`}
${survey !== undefined && figures(survey, outcome.assessment?.issuerInUse.state)}
${body}</section>
`;
}

function failed({ failure }: ClusterOutcome, place: Place): Html {
  return failure === undefined ? nothing : failureSection(place, failure);
}

function assessed(assessment: NonNullable<ClusterOutcome["assessment"]>, place: Place): Html {
  const { survey, groups } = assessment;
  const checks = groups.flatMap((group) => group.checks);
  return html`${findingsSection(place, "Findings", checks, (check) => commandsFor(check, survey, groups))}
${unseenSection(place, survey)}
${nextSection(place, assessment)}
${treeSection(place, survey)}
${trustSection(place, survey)}
${placesSection(place, survey)}
${webhooksSection(place, survey)}
${questionsSection(place, groups)}`;
}

/** "kind-dev" of 'context "kind-dev", https://127.0.0.1:6443'. */
export function clusterTitle(outcome: ClusterOutcome | undefined): string {
  const name = outcome?.name ?? "";
  return /^context "([^"]+)"/.exec(name)?.[1] ?? name;
}
