import type { IssuerInUse } from "../../trust/issuer-in-use.ts";
import { counted } from "../render/counted.ts";
import { relative } from "../render/relative.ts";
import type { CheckRun } from "../survey/assessment.ts";
import type { Survey } from "../survey/types.ts";
import { type Html, html } from "./html.ts";
import { time } from "./pieces.ts";
import { symbols, verdictOf, words } from "./verdict.ts";

/** What is looked at, and how it is, in one line. */
export function header(title: string, run: CheckRun, now: Date): Html {
  const { mark, sentence } = verdictOf(run);
  const [only] = run.clusters;
  const survey = run.clusters.length === 1 ? only?.assessment?.survey : undefined;
  return html`<header>
<p class="eyebrow">Linkerd trust report · ${time(now)}</p>
<h1>${title}</h1>
${survey !== undefined && html`<p class="where">${survey.cluster} · Linkerd in namespace ${survey.namespace}</p>`}
<p class="verdict ${mark}"><span class="sign" aria-hidden="true">${symbols[mark]}</span><span><span class="unseen">${words[mark]}: </span>${sentence}</span></p>
${survey !== undefined && figures(survey, only?.assessment?.issuerInUse.state)}
</header>
`;
}

const identity: Readonly<Record<IssuerInUse["state"], string>> = {
  secret: "signs with the Secret's issuer",
  older: "signs with an older issuer",
  none: "refuses to sign",
  missed: "may not have taken up the issuer",
  unknown: "cannot be told",
};

/** What one asks first. */
export function figures({ facts, holdings, at }: Survey, inUse: IssuerInUse["state"] = "unknown"): Html {
  const anchors = facts.bundle?.anchors ?? [];
  const [first] = anchors.toSorted((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
  const issuer = facts.issuer?.certificate;
  const proxies = holdings.reduce((sum, one) => sum + one.proxies, 0);
  const whole = holdings.filter(({ current }) => current).reduce((sum, one) => sum + one.proxies, 0);
  return html`<dl class="figures">
<div><dt>Issuer</dt><dd>${issuer === undefined ? "not in sight" : ends(issuer.notAfter, at)}</dd></div>
<div><dt>${anchors.length > 1 ? `First of ${anchors.length} anchors` : "Anchor"}</dt><dd>${first === undefined ? "not in sight" : ends(first.notAfter, at)}</dd></div>
<div><dt>Proxies</dt><dd>${facts.mesh === undefined ? "not in sight" : html`${counted(proxies, "proxy", "proxies")}${proxies > 0 && html`<p class="detail">${whole} with the live bundle</p>`}`}</dd></div>
<div><dt>Identity</dt><dd>${identity[inUse]}</dd></div>
</dl>`;
}

function ends(date: Date, now: Date): Html {
  return html`${date < now ? "ended" : "ends"} ${relative(date, now)}<p class="detail">${time(date)}</p>`;
}
