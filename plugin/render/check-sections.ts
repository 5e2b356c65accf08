import { distinct, sameAnchor, signersOf } from "../../trust/judgements.ts";
import { moment, named } from "../../trust/naming.ts";
import type { Comparison } from "../survey/compare.ts";
import type { Survey } from "../survey/types.ts";
import type { Style } from "./colour.ts";
import { relative } from "./relative.ts";
import { table } from "./table.ts";

/** The anchors of the live bundle: until when, whether the issuer rests on it, how many proxies hold it. */
export function anchorsSection({ facts, holdings, at }: Survey, wide: boolean): string {
  const anchors = distinct(facts.bundle?.anchors ?? []);
  if (anchors.length === 0) return "";
  const signers = signersOf(facts.issuer);
  const all = holdings.reduce((sum, { proxies }) => sum + proxies, 0);
  const rows = anchors.map((anchor) => {
    const holders = holdings.filter((one) => one.anchors.some((held) => sameAnchor(held, anchor)));
    const held = holders.reduce((sum, { proxies }) => sum + proxies, 0);
    return [
      anchor.name,
      wide ? anchor.fingerprint : anchor.fingerprint.slice(0, 8),
      `${moment(anchor.notAfter)} (${relative(anchor.notAfter, at)})`,
      signers.some((one) => sameAnchor(one, anchor)) ? "yes" : "no",
      facts.mesh === undefined ? "unknown" : `${held} of ${all} proxies`,
    ];
  });
  return table(["ANCHOR", "FINGERPRINT", "EXPIRES", "SIGNS THE ISSUER", "HELD BY"], rows);
}

/** So many workloads of a bundle are named; the rest with -o wide. */
const most = 10;

/** Which workloads hold which bundle; empty where the mesh was not seen. */
export function proxiesSection({ facts, holdings }: Survey, style: Style, wide: boolean): string {
  if (facts.mesh === undefined) return "";
  if (holdings.length === 0) return "no injected proxy runs\n";
  const { symbols, green, yellow } = style;
  return holdings
    .map(({ anchors, proxies, workloads, current }) => {
      const trust = distinct(anchors).map(named).join(", ");
      const state = current === undefined ? " " : current ? green(symbols.success) : yellow(symbols.warning);
      const shown = wide ? workloads : workloads.slice(0, most);
      const left = workloads.length - shown.length;
      const count = `${proxies} ${proxies === 1 ? "proxy trusts" : "proxies trust"}`;
      return [
        `${state} ${count} ${trust === "" ? "no anchor" : trust}`,
        ...shown.map((one) => `    ${one.name}${one.proxies === 1 ? "" : ` (${one.proxies})`}`),
        ...(left > 0 ? [`    and ${left} more workloads: -o wide`] : []),
        "",
      ].join("\n");
    })
    .join("");
}

/** The certificates that the webhooks serve with, and what is wrong with them. */
export function webhooksSection({ webhooks, at }: Survey): string {
  const rows = webhooks.map(({ name, certificate, failurePolicy, problems, seen }) => [
    name,
    certificate?.fingerprint.slice(0, 8) ?? (seen ? "none" : "not seen"),
    certificate === undefined
      ? ""
      : `${moment(certificate.notAfter)} (${relative(certificate.notAfter, at)})`,
    failurePolicy,
    problems.length === 0 ? "" : problems.join("; "),
  ]);
  return rows.length === 0 ? "" : table(["WEBHOOK", "FINGERPRINT", "EXPIRES", "ON FAILURE", "PROBLEM"], rows);
}

/** Who has which anchor. */
export function comparisonSection({ clusters, anchors }: Comparison, { symbols }: Style): string {
  const rows = anchors.map(({ anchor, heldBy }) => [
    named(anchor),
    ...clusters.map((cluster) => (heldBy.includes(cluster) ? symbols.success : symbols.skipped)),
  ]);
  return table(["ANCHOR", ...clusters], rows);
}
