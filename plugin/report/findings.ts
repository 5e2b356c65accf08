import { type Check, worst } from "../survey/assessment.ts";
import { type Html, html, nothing } from "./html.ts";
import { mark, prose } from "./pieces.ts";
import { heading, type Place, section } from "./section.ts";
import { symbols } from "./verdict.ts";

/** What is wrong, errors first, each with what to do about it. */
export function findingsSection(
  place: Place,
  title: string,
  checks: readonly Check[],
  commandsOf: (check: Check) => readonly string[],
): Html {
  const wrong = checks.filter(({ findings }) => findings.length > 0);
  const sorted = [...wrong.filter(isError), ...wrong.filter((one) => !isError(one))];
  const body =
    sorted.length > 0
      ? html`<ol class="findings">${sorted.map((one) => finding(place, one, commandsOf(one)))}</ol>`
      : html`<p class="calm">${mark("success")}Nothing wrong was found.</p>`;
  const about = sorted.length > 0 ? "What is wrong, and the way out of it." : "What is wrong.";
  return section(place, { id: "findings", title, about }, body);
}

function isError({ result }: Check): boolean {
  return result === "error";
}

function finding({ level, prefix }: Place, check: Check, commands: readonly string[]): Html {
  const { id, findings, summary, remedy, docs } = check;
  const [first, ...more] = findings;
  const result = worst(findings.map(({ severity }) => severity));
  const detail = (text: string | undefined) =>
    text !== undefined && html`<p class="detail">${prose(text)}</p>`;
  return html`<li class="finding ${result}">
<div class="sign" aria-hidden="true">${symbols[result]}</div>
<div>
${heading(level === 2 ? 3 : 4, `${prefix}${id}`, html`<span class="unseen">${result}: </span>${prose(first?.message ?? "")}`)}
${detail(first?.detail)}
${more.length === 0 ? nothing : html`<ul class="more">${more.map((one) => html`<li>${prose(one.message)}${detail(one.detail)}</li>`)}</ul>`}
<p class="remedy"><span class="tag">Do this</span> ${remedy}</p>
${commandBlock(commands)}
<p class="rule">Expected: ${summary}. <a href="${docs}" rel="noreferrer">${id}</a></p>
</div></li>
`;
}

function commandBlock(commands: readonly string[]): Html {
  if (commands.length === 0) return nothing;
  return html`<pre class="commands"><code>${commands.map((one) => html`<span class="line">${words(one)}\n</span>`)}</code></pre>`;
}

// Lines break between words, not at their hyphens.
function words(command: string): Html[] {
  return command.split(" ").map((word, i) => html`${i > 0 && " "}<span>${word}</span>`);
}
