import { distinct, endsSoon } from "../../trust/judgements.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import type { Survey } from "../survey/types.ts";

/** A certificate's time, as a bar of the timeline. */
export interface Span {
  /** "anchor", "issuer", "webhook proxy-injector". */
  readonly part: string;
  readonly certificate: Certificate;
  readonly state: "past" | "soon" | "fine" | "early";
}

/** Every certificate that matters, by when it ends. */
export function spansOf(survey: Survey): Span[] {
  const { facts, holdings, webhooks, served } = survey;
  const live = distinct(facts.bundle?.anchors ?? []);
  const known = new Set(live.map(({ fingerprint }) => fingerprint));
  const held = distinct(holdings.flatMap(({ anchors }) => anchors)).filter(
    (one) => !known.has(one.fingerprint),
  );
  const { issuer } = facts;
  const certificates = [
    ...live.map((one) => ["anchor", one] as const),
    ...held.map((one) => ["anchor, held only", one] as const),
    ...(issuer?.intermediates ?? []).map((one) => ["intermediate", one] as const),
    ...(issuer === undefined ? [] : [["issuer", issuer.certificate] as const]),
    ...(served?.chain.slice(0, 1) ?? []).map((one) => ["a proxy's leaf", one] as const),
    ...webhooks.flatMap(({ name, certificate }) =>
      certificate === undefined ? [] : [[`webhook ${name}`, certificate] as const],
    ),
  ];
  return certificates
    .map(([part, certificate]) => ({ part, certificate, state: stateOf(certificate, survey) }))
    .sort((a, b) => a.certificate.notAfter.getTime() - b.certificate.notAfter.getTime());
}

export function stateOf(certificate: Certificate, { facts, at: now }: Survey): Span["state"] {
  const { issuer, issuance, thresholds } = facts;
  if (certificate.notAfter < now) return "past";
  if (certificate.notBefore > now) return "early";
  const left = certificate.notAfter.getTime() - now.getTime();
  // An issuer that ends before the leaves it signs shortens them.
  if (certificate.fingerprint === issuer?.certificate.fingerprint && left < (issuance?.lifetimeMs ?? 0))
    return "soon";
  return endsSoon(certificate, now, thresholds) ? "soon" : "fine";
}
