import { moment } from "../../trust/naming.ts";
import type { TreeNode } from "../../trust/tree.ts";
import type { Inspection } from "../material/inspection.ts";

const box = { width: 330, height: 62, gap: 18, step: 400 };
const margin = 24;
const top = 64;
/** A picture of more than these is no picture. */
const most = 300;

interface Placed {
  readonly node: TreeNode;
  readonly x: number;
  readonly y: number;
  readonly from?: Placed;
}

/** The trust tree as a picture: anchors at the left, leaves at the right. */
export function svgTree({ title, tree, at }: Inspection): string {
  const placed: Placed[] = [];
  let left = 0;
  let row = 0;

  function place(node: TreeNode, depth: number, from?: Placed): void {
    if (placed.length === most) {
      left++;
      return;
    }
    const one: Placed = {
      node,
      x: margin + depth * box.step,
      y: top + row * (box.height + box.gap),
      ...(from === undefined ? {} : { from }),
    };
    placed.push(one);
    for (const [i, child] of node.children.entries()) {
      if (i > 0) row++;
      place(child, depth + 1, one);
    }
  }
  for (const node of tree) {
    place(node, 0);
    row++;
  }

  const width = Math.max(560, ...placed.map(({ x }) => x + box.width)) + margin;
  const height = Math.max(top, ...placed.map(({ y }) => y + box.height)) + margin + (left > 0 ? 24 : 0);
  const more = left > 0 ? text(margin, height - margin, "small", `and ${left} more`) : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(`Trust tree of ${title}`)}</title>
${style}
<rect class="ground" width="${width}" height="${height}"/>
${text(margin, 38, "title", cut(title, 90))}
${placed.map(line).join("")}${placed.map((one) => card(one, at)).join("")}${more}</svg>
`;
}

function line({ x, y, from }: Placed): string {
  if (from === undefined) return "";
  const [x1, y1, y2] = [from.x + box.width, from.y + box.height / 2, y + box.height / 2];
  const bend = (x1 + x) / 2;
  return `<path class="line" d="M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x} ${y2}"/>\n`;
}

function card({ node, x, y }: Placed, now: Date): string {
  const { certificate, kind, role, repeated } = node;
  const part = role ?? "unknown";
  const expired = certificate.notAfter < now;
  const words = [kind, role, certificate.fingerprint.slice(0, 8), repeated ? "(again)" : ""];
  const ends = `${expired ? "expired" : "until"} ${moment(certificate.notAfter)}`;
  return `<g class="${part}"><title>${escaped(`${node.why ?? ""} sha256 ${certificate.fingerprint}`.trim())}</title>
<rect class="card" x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="8"/>
<rect class="stripe" x="${x}" y="${y}" width="6" height="${box.height}" rx="3"/>
${text(x + 18, y + 21, "name", cut(certificate.name, 40))}
${text(x + 18, y + 38, "small", words.filter(Boolean).join(" · "))}
${text(x + 18, y + 54, expired ? "small late" : "small", ends)}
</g>
`;
}

const style = `<style>
text{font-family:system-ui,sans-serif;fill:#1f2328}.title{font-size:17px;font-weight:600}.name{font-size:13px;font-weight:600}
.small{font-size:11.5px;fill:#57606a}.late{fill:#cf222e}.ground{fill:#fff}.card{fill:#f6f8fa;stroke:#d0d7de}
.line{fill:none;stroke:#8c959f;stroke-width:1.5}.stripe{fill:#8c959f}.active .stripe{fill:#1a7f37}
.incoming .stripe{fill:#0969da}.outgoing .stripe{fill:#bf8700}.unused{opacity:.65}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.late{fill:#ff7b72}.ground{fill:#0d1117}
.card{fill:#161b22;stroke:#30363d}.active .stripe{fill:#3fb950}.incoming .stripe{fill:#58a6ff}.outgoing .stripe{fill:#d29922}}
</style>`;

function text(x: number, y: number, className: string, content: string): string {
  return `<text class="${className}" x="${x}" y="${y}">${escaped(content)}</text>`;
}

function cut(content: string, length: number): string {
  return content.length > length ? `${content.slice(0, length - 1)}…` : content;
}

function escaped(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
