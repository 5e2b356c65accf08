import { distinct } from "../../trust/judgements.ts";
import type { TreeNode } from "../../trust/tree.ts";
import { inspectSurvey } from "../material/inspect-cluster.ts";
import type { Inspection } from "../material/inspection.ts";
import { keyName } from "../render/certificate.ts";
import { counted } from "../render/counted.ts";
import type { Survey } from "../survey/types.ts";
import { type Html, html, nothing } from "./html.ts";
import { mark, timeAndDistance } from "./pieces.ts";
import { type Place, section } from "./section.ts";
import { stateOf } from "./spans.ts";

/** Who signed whom, from the anchors down to the proxies. */
export function treeSection(place: Place, survey: Survey): Html {
  const inspection = inspectSurvey(survey);
  const body =
    inspection.tree.length === 0
      ? nothing
      : html`<ul class="tree">${inspection.tree.map((one) => node(one, inspection, survey))}</ul>`;
  const about = "Who signed whom, from the anchors down to the proxies. Fingerprints are SHA-256.";
  return section(place, { id: "tree", title: "Trust tree", about }, body);
}

function node(one: TreeNode, inspection: Inspection, survey: Survey): Html {
  const { certificate, kind, role, why, repeated, children } = one;
  const { fingerprint, notAfter } = certificate;
  const state = stateOf(certificate, survey);
  const places = inspection.places.get(fingerprint) ?? [];
  const more =
    repeated === true
      ? html`<p class="detail">it stands above already, with what hangs on it</p>`
      : html`<p class="detail">${keyName(certificate)}${why !== undefined && html` · ${why}`}</p>
<p class="detail">${places.length > 0 && html`in ${places.join("; ")}`}</p>
<code class="whole">${fingerprint}</code>`;
  const below = [
    ...children.map((child) => node(child, inspection, survey)),
    ...(repeated !== true && fingerprint === survey.facts.issuer?.certificate.fingerprint
      ? proxies(survey)
      : []),
  ];
  return html`<li><div class="node ${role ?? "unknown"}">
<p class="who"><span class="kind">${kind}</span> <bdi class="name">${certificate.name}</bdi>${role !== undefined && html` <span class="role">${role}</span>`}</p>
<p class="until ${state}">${state === "past" ? "ended" : "until"} ${timeAndDistance(notAfter, survey.at)}</p>
${more}</div>${below.length > 0 && html`<ul>${below}</ul>`}</li>
`;
}

/** Those for whom it signs, by whether they would take what it signs. */
function proxies({ facts }: Survey): Html[] {
  const held = (facts.mesh?.held ?? []).filter(({ acceptsIssuer }) => acceptsIssuer !== undefined);
  return held.map(({ proxies, workloads, acceptsIssuer, anchors }) => {
    const good = acceptsIssuer?.ok === true;
    const shown = workloads.slice(0, 6).join(", ");
    const left = workloads.length - 6;
    const hold = distinct(anchors).map(({ name, fingerprint }) => `${name} (${fingerprint.slice(0, 8)})`);
    return html`<li><div class="node proxies ${good ? "active" : "refused"}">
<p class="who">${mark(good ? "success" : "error")}<span class="name">${counted(proxies, "proxy", "proxies")} ${verb(proxies, good)} this issuer</span></p>
<p class="detail">${shown}${left > 0 && ` and ${left} more workloads`}</p>
${!good && html`<p class="detail">holding ${hold.length === 0 ? "no anchor" : hold.join(", ")}</p>`}</div></li>
`;
  });
}

function verb(count: number, good: boolean): string {
  return count === 1 ? (good ? "trusts" : "refuses") : good ? "trust" : "refuse";
}
