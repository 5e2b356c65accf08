import { type IssuerInUse, issuerInUse } from "../../trust/issuer-in-use.ts";
import { few, moment, named } from "../../trust/naming.ts";
import { trustTree } from "../../trust/tree.ts";
import type { Certificate, Fingerprint } from "../../trust/x509/index.ts";
import { leavesOf } from "../survey/leaves.ts";
import type { Survey } from "../survey/types.ts";
import type { Inspection, Remark } from "./inspection.ts";

/** What a whole cluster trusts. */
export function inspectSurvey(survey: Survey): Inspection {
  const { facts, at, namespace } = survey;
  const live = facts.bundle?.anchors ?? [];
  const chain = facts.issuer ? [facts.issuer.certificate, ...facts.issuer.intermediates] : [];
  const places = placesIn(survey, chain);
  const held = survey.holdings.flatMap(({ anchors }) => anchors);
  const stored = survey.places.flatMap(({ anchors }) => anchors);
  const issuer = facts.issuer?.certificate.fingerprint;
  const inUse = issuerInUse(survey);
  const leavesEndBy = lastLeaf(survey, inUse);
  const served = survey.served?.chain ?? [];
  return {
    title: `${survey.cluster}, namespace ${namespace}`,
    at,
    tree: trustTree({
      now: at,
      certificates: [...live, ...held, ...stored, ...chain, ...served],
      anchors: new Set(live.map(({ fingerprint }) => fingerprint)),
      ...(issuer === undefined ? {} : { issuer, issuerInUse: inUse.state === "secret" }),
      ...(leavesEndBy === undefined ? {} : { leavesEndBy }),
    }),
    places,
    remarks: [...remarksOn(survey), ...leafRemarks(survey, inUse)],
  };
}

// A proxy renews within a leaf's lifetime, so what former issuers signed is gone by then; if identity
// really signs with the one in the Secret.
function lastLeaf(survey: Survey, inUse: IssuerInUse): Date | undefined {
  const { issuerSecret, issuance } = survey.facts;
  if (issuerSecret?.changedAt === undefined || issuance === undefined) return undefined;
  if (inUse.state !== "secret") return undefined;
  return new Date(issuerSecret.changedAt.getTime() + issuance.lifetimeMs);
}

function placesIn(survey: Survey, chain: readonly Certificate[]): Map<Fingerprint, string[]> {
  const places = new Map<Fingerprint, string[]>();
  const put = (certificates: readonly Certificate[], place: string) => {
    for (const { fingerprint } of certificates)
      places.set(fingerprint, [...new Set([...(places.get(fingerprint) ?? []), place])]);
  };
  for (const { what, anchors } of survey.places) put(anchors, what);
  put(chain, `Secret ${survey.namespace}/linkerd-identity-issuer`);
  const { served } = survey;
  if (served !== undefined) put(served.chain, `what ${served.pod} serves`);
  const holders = new Map<Fingerprint, number>();
  for (const { anchors, proxies } of survey.holdings)
    for (const one of new Set(anchors.map(({ fingerprint }) => fingerprint)))
      holders.set(one, (holders.get(one) ?? 0) + proxies);
  for (const [fingerprint, proxies] of holders) {
    const place = `${proxies} running ${proxies === 1 ? "proxy" : "proxies"}`;
    places.set(fingerprint, [...(places.get(fingerprint) ?? []), place]);
  }
  return places;
}

function remarksOn({ facts, places, unreadable }: Survey): Remark[] {
  const { trustRoots, issuerSecret, issuer } = facts;
  const bundle = places.find(({ role }) => role === "live")?.what ?? "the trust bundle";
  const secret = `Secret ${facts.namespace}/linkerd-identity-issuer`;
  const remarks: Remark[] = unreadable.map(({ what, reason, hint, core }) => ({
    place: what,
    text: `${reason}. ${hint}`,
    level: core ? "problem" : "note",
  }));
  const warn = (place: string, text: string, line?: number) =>
    remarks.push({ place, text, level: "warning", ...(line === undefined ? {} : { line }) });
  if (trustRoots?.present === false) warn(bundle, "is not there");
  if (issuerSecret?.present === false) warn(secret, "is not there");
  if (issuer?.byIdentity?.ok === false) warn(secret, issuer.byIdentity.reason ?? "no anchor verifies it");
  for (const { what, refused } of places)
    if (refused !== undefined) warn(what, `Linkerd would refuse it: ${refused}`);
  for (const { line, what } of trustRoots?.reading?.dropped ?? [])
    warn(bundle, `Linkerd would not read on from here: ${what}`, line);
  for (const { place, what } of trustRoots?.privateKeys ?? []) {
    warn(bundle, `a private key, not shown: ${place}, ${what}`);
  }
  if (issuer !== undefined) remarks.push({ place: secret, text: keyTexts[issuer.key], level: "note" });
  return remarks;
}

// Leaves are in no object of the cluster: what is said of them is as much as their age tells.
function leafRemarks(survey: Survey, inUse: IssuerInUse): Remark[] {
  const { issuer } = survey.facts;
  if (issuer === undefined || survey.starts.length === 0) return [];
  const note = (text: string): Remark => ({ place: "the proxies' own leaves", text, level: "note" });
  if (inUse.state !== "secret" && inUse.state !== "unknown")
    return [{ place: "identity", text: `${inUse.sentence}: ${inUse.evidence}`, level: "warning" }];
  const leaves = leavesOf(survey, inUse);
  if (typeof leaves === "string") return [note(`whose issuer signed them is not known: ${leaves}`)];
  const { current, maybeFormer, workloads, until } = leaves;
  const name = named(issuer.certificate);
  if (maybeFormer === 0) return [note(`all ${current} are signed by issuer ${name}, by their age`)];
  const who = few(workloads.map((one) => `${one.name}${one.proxies === 1 ? "" : ` (${one.proxies})`}`));
  return [
    note(`${current} of ${current + maybeFormer} are signed by issuer ${name}, by their age`),
    note(`${maybeFormer} may be a former issuer's until ${moment(until)}, unless renewed since: ${who}`),
  ];
}

const keyTexts = {
  matches: "a private key, not shown; it is the issuer's",
  differs: "a private key, not shown; it is not the issuer's",
  unreadable: "a private key that Linkerd cannot read, not shown",
};
