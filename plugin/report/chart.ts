import { moment, named } from "../../trust/naming.ts";
import { relative } from "../render/relative.ts";
import type { Moment } from "../survey/timeline.ts";
import { type Html, html, nothing } from "./html.ts";
import { type Scale, scaleOf } from "./scale.ts";
import type { Span } from "./spans.ts";

const row = 38;
const top = 58;
/** A picture of more than these is no picture; the first to end are shown. */
const most = 40;

/**
 * When each certificate ends, and what comes of it. Widths are in hundredths
 * and letters in pixels, so that it fits any screen without a script.
 */
export function chart(id: string, spans: readonly Span[], moments: readonly Moment[], now: Date): Html {
  const shown = spans.slice(0, most);
  if (shown.length === 0) return nothing;
  const dated = moments.flatMap(({ at }) => at ?? []);
  const scale = scaleOf(now, [
    ...shown.flatMap(({ certificate: { notBefore, notAfter } }) => [notBefore, notAfter]),
    ...dated,
  ]);
  const height = top + shown.length * row + 6;
  return html`<figure><svg class="chart" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" width="100%" height="${height}">
<title id="${id}-title">When the certificates end, from ${moment(now)} on</title>
<desc id="${id}-desc">${shown.map((one) => sentence(one, now)).join(" ")}</desc>
<g class="grid">${scale.ticks.map(({ x, label, minor }) => html`<g class="${minor ? "wide" : ""}"><line x1="${x}%" x2="${x}%" y1="${top - 18}" y2="${height}"/><text x="${x}%" y="${top - 24}" text-anchor="middle">${label}</text></g>`)}</g>
<g class="now"><line x1="${scale.now}%" x2="${scale.now}%" y1="${top - 18}" y2="${height}"/><text x="${scale.now}%" y="${top - 24}" text-anchor="middle">now</text></g>
${shown.map((one, i) => bar(one, top + i * row, scale, now))}
${flags(moments, scale)}
</svg>${shown.length < spans.length && html`<figcaption>and ${spans.length - shown.length} more that end later</figcaption>`}</figure>
`;
}

function bar({ certificate, part, state }: Span, y: number, scale: Scale, now: Date): Html {
  const { notBefore, notAfter, name, fingerprint } = certificate;
  const [from, to] = [scale.at(notBefore), scale.at(notAfter)];
  const begun = Math.min(Math.max(from, scale.now), to);
  const width = (a: number, b: number) => `${Math.max(0.4, Math.round((b - a) * 100) / 100)}%`;
  const date = moment(notAfter).slice(0, 10);
  const label = (most: number) =>
    html`${cut(name, most)} <tspan class="part">${part} ${fingerprint.slice(0, 8)}</tspan>`;
  return html`<g class="${state}"><title>${sentence({ certificate, part, state }, now)}</title>
<text class="wide" x="0" y="${y + 13}">${label(40)}</text><text class="slim" x="0" y="${y + 13}">${cut(name, 28)}</text>
<text class="end" x="100%" y="${y + 13}" text-anchor="end">${date}<tspan class="wide" dx="6">${relative(notAfter, now)}</tspan></text>
<rect class="track" x="0" y="${y + 22}" width="100%" height="4" rx="2"/>
<rect class="gone" x="${from}%" y="${y + 20}" width="${width(from, Math.max(from, begun))}" height="8" rx="4"/>
${to > scale.now && html`<rect class="left" x="${begun}%" y="${y + 20}" width="${width(begun, to)}" height="8" rx="4"/>`}
</g>`;
}

/** The numbers of the list below, where its moments are; near ones share a flag. */
function flags(moments: readonly Moment[], scale: Scale): Html {
  const placed = moments.flatMap(({ at, harm }, i) =>
    at === undefined ? [] : [{ x: scale.at(at), harm, from: i + 1, to: i + 1 }],
  );
  const joined: Flag[] = [];
  for (const one of placed) {
    const last = joined.at(-1);
    if (last !== undefined && one.x - last.x < 7) {
      joined[joined.length - 1] = { ...last, to: one.to, harm: last.harm || one.harm };
    } else joined.push(one);
  }
  return html`<g class="flags">${joined.map(flag)}</g>`;
}

function flag({ x, harm, from, to }: Flag): Html {
  const label = from === to ? `${from}` : `${from}–${to}`;
  const width = 13 + 7 * label.length;
  return html`<svg x="${Math.min(97, Math.max(3, x))}%" y="0" overflow="visible"><g class="${harm ? "harm" : "renewal"}"><rect x="${-width / 2}" y="2" width="${width}" height="20" rx="10"/><text y="16" text-anchor="middle">${label}</text></g></svg>`;
}

interface Flag {
  readonly x: number;
  readonly harm: boolean;
  /** The first and the last of the numbers that it stands for. */
  readonly from: number;
  readonly to: number;
}

function sentence({ certificate, part, state }: Span, now: Date): string {
  const verb = state === "past" ? "ended" : "ends";
  return `${part} ${named(certificate)} ${verb} at ${moment(certificate.notAfter)}, ${relative(certificate.notAfter, now)}.`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
