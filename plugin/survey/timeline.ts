import type { IssuerInUse } from "../../trust/issuer-in-use.ts";
import { signersOf } from "../../trust/judgements.ts";
import { moment, named } from "../../trust/naming.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import type { Survey, WebhookCertificate } from "./types.ts";

/** Something that comes if nobody does anything. */
export interface Moment {
  /** Undefined: with the event that `what` names, whenever that is. */
  readonly at?: Date;
  readonly what: string;
  readonly why: string;
  /** Something stops; otherwise it is a renewal. */
  readonly harm: boolean;
}

/** A proxy renews its leaf when 70 % of its time is over (linkerd2-proxy identity-client/src/certify.rs). */
const renewedAt = 0.7;

/** What happens next, the soonest first; what has no date comes first. */
export function timelineOf(survey: Survey, inUse: IssuerInUse): Moment[] {
  const moments = [...signing(survey, inUse), ...refusing(survey), ...hooks(survey), ...renewals(survey)];
  return moments.sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
}

function signing({ facts, at: now }: Survey, inUse: IssuerInUse): Moment[] {
  const { issuer, issuance } = facts;
  if (issuer === undefined) return [];
  const name = `issuer ${named(issuer.certificate)}`;
  if (issuer.byIdentity?.ok === false) {
    return [
      {
        what: "linkerd-identity does not start any more, from its next restart on",
        why: `${name} chains to no anchor of the trust bundle`,
        harm: true,
      },
    ];
  }
  if (inUse.state === "older" || inUse.state === "none")
    return [{ what: "new pods fail when the older issuer ends", why: inUse.sentence, harm: true }];
  const { end, of } = endOfSigning(facts.issuer?.byIdentity?.chains ?? [], issuer.certificate);
  const last = issuer.certificate.notAfter;
  const why = `${of === issuer.certificate ? "issuer" : "anchor"} ${named(of)} ${end < now ? "ended" : "ends"} at ${moment(end)}`;
  // It may go on with one that it has in memory, of which nobody knows until when it lasts.
  if (end < now && inUse.state !== "secret")
    return [
      {
        what: "linkerd-identity does not start any more, from its next restart on",
        why,
        harm: true,
      },
      {
        at: end,
        what: "new pods fail from then on, unless identity still signs with an older issuer",
        why: inUse.evidence,
        harm: true,
      },
    ];
  const lifetime = issuance?.lifetimeMs ?? 0;
  // Leaves end with their issuer at the latest; an anchor's end does not shorten them.
  const first = earlier(new Date(end.getTime() + lifetime * (1 - renewedAt)), last);
  const all = earlier(new Date(end.getTime() + lifetime), last);
  const fail = {
    at: end,
    what: "new pods fail from then on: identity signs no certificate any more",
    why,
    harm: true,
  };
  if (all <= end)
    return [
      fail,
      {
        at: all,
        what: "every running proxy fails by then",
        why: "its certificate ends with the issuer",
        harm: true,
      },
    ];
  return [
    fail,
    {
      at: first,
      what: "the first running proxy fails by then",
      why: "its certificate is due and not renewed",
      harm: true,
    },
    { at: all, what: "every running proxy fails by then", why: "no certificate lives longer", harm: true },
  ];
}

// Of several chains the one that lasts longest counts; a chain lasts as long as its first to end.
function endOfSigning(chains: readonly (readonly Certificate[])[], issuer: Certificate) {
  const ends = (chains.length === 0 ? [[issuer]] : chains).map((chain) =>
    chain.reduce((a, b) => (b.notAfter < a.notAfter ? b : a), issuer),
  );
  const of = ends.reduce((a, b) => (b.notAfter > a.notAfter ? b : a), ends[0] ?? issuer);
  return { end: of.notAfter, of };
}

function refusing({ facts }: Survey): Moment[] {
  const { mesh, issuer, issuerSecret, issuance } = facts;
  // Where the live bundle refuses it too, that is said already.
  if (issuer === undefined || signersOf(issuer).length === 0) return [];
  return (mesh?.held ?? [])
    .filter((held) => held.acceptsIssuer?.ok === false)
    .map((held) => ({
      ...(issuerSecret?.changedAt === undefined
        ? {}
        : { at: new Date(issuerSecret.changedAt.getTime() + (issuance?.lifetimeMs ?? 0)) }),
      what: `proxies that hold bundle ${held.id} have no valid certificate by then`,
      why: `they do not trust issuer ${named(issuer.certificate)}, nor the peers that have its leaves`,
      harm: true,
    }));
}

/** The guard renews its own when two thirds of its time are over (webhook/serving/keyed.ts). */
const ownRenewedAt = 2 / 3;

function hooks({ webhooks, at: now }: Survey): Moment[] {
  return webhooks.flatMap((webhook): Moment[] => {
    const { certificate, name, renewedBy } = webhook;
    if (certificate === undefined) return [];
    const { notBefore, notAfter } = certificate;
    const ends = `the certificate of webhook ${name} ends`;
    if (renewedBy === "cert-manager" && notAfter > now) {
      const what = `cert-manager has renewed the certificate of webhook ${name} by then`;
      return [{ at: notAfter, what, why: `otherwise ${consequence(webhook)}`, harm: false }];
    }
    if (renewedBy === "itself") {
      const due = new Date(notBefore.getTime() + (notAfter.getTime() - notBefore.getTime()) * ownRenewedAt);
      const why = `it does so by itself; this one ends at ${moment(notAfter)}`;
      if (now < due) return [{ at: due, what: `webhook ${name} renews its certificate`, why, harm: false }];
      const late = `${ends}; by itself it should have renewed it at ${moment(due)}`;
      return [{ at: notAfter, what: consequence(webhook), why: late, harm: true }];
    }
    return [{ at: notAfter, what: consequence(webhook), why: ends, harm: true }];
  });
}

function consequence({ name, failurePolicy }: WebhookCertificate): string {
  const fails = failurePolicy === "Fail";
  if (name === "proxy-injector") return fails ? "no new pod is admitted" : "new pods get no proxy";
  const what =
    name === "linkerd-certs"
      ? "writes to the bundle and the issuer"
      : name === "sp-validator"
        ? "writes of ServiceProfiles"
        : "writes of Linkerd's policies";
  return fails ? `${what} are refused` : `${what} go unchecked`;
}

function renewals({ renewals }: Survey): Moment[] {
  return renewals.flatMap(({ what, of, at }) =>
    at === undefined
      ? []
      : [{ at, what: `cert-manager renews the ${of}`, why: `${what} says so`, harm: false }],
  );
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
