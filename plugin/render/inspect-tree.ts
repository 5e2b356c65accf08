import { moment, named } from "../../trust/naming.ts";
import type { Role, TreeNode } from "../../trust/tree.ts";
import type { Inspection, Remark } from "../material/inspection.ts";
import { constraintsOf, keyName } from "./certificate.ts";
import type { Style } from "./colour.ts";
import { relative } from "./relative.ts";
import { drawTree } from "./tree.ts";

/** The trust tree, a few lines a certificate. */
export function inspectTree(inspection: Inspection, style: Style): string {
  const { title, tree, at, places } = inspection;
  const drawn = drawTree(tree, {
    lines: (node) => nodeLines(node, at, places.get(node.certificate.fingerprint) ?? [], style),
    children: ({ children }) => children,
    ascii: style.symbols.success !== "√",
  });
  return `${style.bold(title)}\n${drawn}${remarkLines(inspection.remarks, style)}`;
}

function nodeLines(node: TreeNode, now: Date, places: readonly string[], style: Style): string[] {
  const { certificate, kind, role, why, repeated } = node;
  const paint = role === undefined ? style.bold : paints(style)[role];
  const part = role === undefined ? "" : ` ${paint(role)}${why === undefined ? "" : style.dim(`: ${why}`)}`;
  const head = `${kind} ${style.bold(named(certificate))}${part}`;
  if (repeated) return [`${head} ${style.dim("(shown above)")}`];
  const { notBefore, notAfter, fingerprint, subjectKeyId, authorityKeyId } = certificate;
  const ends = `${moment(notBefore)} to ${moment(notAfter)} (${relative(notAfter, now)})`;
  const refused = kind === "anchor" ? certificate.refusedByProxy : certificate.refusedByProxyInChain;
  const usage = [...(certificate.keyUsage ?? []), ...(certificate.extendedKeyUsage ?? [])].join(", ");
  const constraints = certificate.nameConstraints === undefined ? "" : "; names constrained";
  return [
    head,
    notAfter < now ? style.red(ends) : ends,
    `${keyName(certificate)}, signed with ${certificate.signatureAlgorithm}`,
    `${constraintsOf(certificate)}${usage === "" ? "" : `; ${usage}`}${constraints}`,
    `sha256 ${fingerprint}`,
    `SKI ${subjectKeyId ?? "none"}, AKI ${authorityKeyId ?? "none"}`,
    ...(refused === undefined ? [] : [style.red(`proxies refuse it: ${refused}`)]),
    ...(places.length === 0 ? [] : [style.dim(`in ${few(places)}`)]),
  ];
}

function few(places: readonly string[]): string {
  if (places.length <= 4) return places.join("; ");
  return `${places.slice(0, 4).join("; ")} and ${places.length - 4} more places`;
}

const paints = (style: Style): Readonly<Record<Role, (text: string) => string>> => ({
  active: style.green,
  incoming: style.yellow,
  outgoing: style.yellow,
  unused: style.dim,
});

/** Beside the certificates: what could not be read, and what Linkerd reads otherwise. */
export function remarkLines(remarks: readonly Remark[], style: Style): string {
  if (remarks.length === 0) return "";
  const { error, warning, skipped } = style.symbols;
  const marks = { problem: style.red(error), warning: style.yellow(warning), note: style.dim(skipped) };
  const lines = remarks.map(
    ({ level, place, line, text }) =>
      `${marks[level]} ${place}${line === undefined ? "" : `, line ${line}`}: ${text}\n`,
  );
  return `\n${lines.join("")}`;
}
