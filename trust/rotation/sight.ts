import { sameAnchor } from "../judgements.ts";
import { type Certificate, verifyAsIdentity } from "../x509/index.ts";
import { equalTrust, lacking, trusts, trustsAny, without } from "./anchors.ts";
import type { AnchorGoal } from "./goal.ts";
import type { Component, LiveIssuer, ProxyGroup, RotationView } from "./view.ts";

type Anchors = readonly Certificate[];

/** What the way from one anchor to another asks of a cluster, answered from one view of it. */
export interface Sight {
  /** Outgoing anchors that are no incoming one under other dates: what they sign, only they verify. */
  readonly leaving: Anchors;
  /** What the bundle lacks: incoming anchors, and outgoing ones that something still needs. */
  readonly missing: Anchors;
  /** Leaving anchors that an issuer or a leaf may chain to. */
  readonly needed: Anchors;
  /** What is in the bundle, and not to stay in it. */
  readonly superfluous: Anchors;
  /** Where the issuer in the Secret chains to. */
  readonly issuer: "incoming" | "outgoing" | "other" | "missing";
  /** Identity is proven to sign for an incoming anchor since then. */
  readonly since?: Date;
  /** New pods are proven to get what is in the bundle now. */
  readonly injectorProven: boolean;
  /** Its pods may not trust an incoming anchor. */
  componentLacks(component: Component): boolean;
  groupLacks(group: ProxyGroup): boolean;
  /** Shares no anchor with this mesh, and so was cut off before. */
  isForeign(group: ProxyGroup): boolean;
  /** Its leaf may chain to a leaving anchor alone. */
  componentLeafMayBeOld(component: Component): boolean;
  groupLeafMayBeOld(group: ProxyGroup): boolean;
  holdsLeaving(group: ProxyGroup): boolean;
}

/** Reads a view; `elsewhere` are outgoing anchors that another cluster needs, and this one keeps if it ever had them. */
export function look(view: RotationView, goal: AnchorGoal, elsewhere: Anchors = []): Sight {
  const { bundle, now } = view;
  const { incoming, outgoing } = goal;
  const anchors = bundle?.anchors ?? [];
  const changedAt = bundle?.changedAt;
  const leaving = outgoing.filter((one) => !trusts(incoming, one));
  const issuer = whereTo(view.issuer, incoming, outgoing, now);
  const since = issuer === "incoming" ? view.issuer?.inUse?.since : undefined;
  const lastOldLeaf = since && new Date(since.getTime() + view.leafLifetimeMs);
  const ended = leaving.length === 0 || (lastOldLeaf !== undefined && now > lastOldLeaf);
  const lacks = perBundle((held) => lacking(held, incoming).length > 0);
  const holds = perBundle((held) => trustsAny(held, leaving));
  const own = [...anchors, ...incoming, ...outgoing];
  const foreign = perBundle((held) => !trustsAny(held, own));

  const madeAfter = (date: Date | undefined, at: Date | undefined) =>
    date === undefined || (at !== undefined && date > at);
  const knowsBundle = ({ oldestPodAt }: Component) => madeAfter(oldestPodAt, changedAt);
  // A proxy takes no leaf that its own anchors do not verify, so who holds no leaving anchor has no leaf of one.
  // Identity's own proxy asks the identity beside it, which read its issuer as it started.
  const newLeafSince = (one: Component) =>
    one.name === "identity" && since ? view.issuer?.changedAt : since;
  const componentLeafMayBeOld = (one: Component) =>
    !ended &&
    !madeAfter(one.oldestPodAt, newLeafSince(one)) &&
    !(knowsBundle(one) && !trustsAny(anchors, leaving));
  // A leaf gives way to later ones alone, and since then all of identity signs with the live issuer.
  const groupLeafMayBeOld = ({ anchors: held, oldestAt, leafSeenAt = oldestAt }: ProxyGroup) =>
    !ended && holds(held) && !(since !== undefined && (oldestAt > since || leafSeenAt > since));

  const groups = view.workloads.flatMap(({ proxies }) => proxies);
  const needed = leaving.filter(
    (one) =>
      one.notAfter >= now &&
      ((trusts(elsewhere, one) && groups.some((group) => trusts(group.anchors, one))) ||
        (issuer === "outgoing" && chains(view.issuer, [one], now)) ||
        groups.some((group) => groupLeafMayBeOld(group) && trusts(group.anchors, one))),
  );
  const bundleLacksIncoming = lacking(anchors, incoming).length > 0;
  // A proxy has a leaf that its own anchors verify: who was made while identity signed for the one incoming anchor
  // trusts it; and once the old one has been dropped, for want of older leaves, everybody does.
  const dropped = ended && !trustsAny(anchors, leaving);
  const shownByLeaf = ({ oldestPodAt }: Component) =>
    incoming.length === 1 &&
    needed.length === 0 &&
    since !== undefined &&
    (madeAfter(oldestPodAt, since) || dropped);

  return {
    leaving,
    needed,
    missing: [...without(incoming, anchors), ...lacking(anchors, needed)],
    superfluous: without(anchors, incoming).filter((one) => outgoing.some((old) => sameAnchor(old, one))),
    issuer,
    ...(since === undefined ? {} : { since }),
    injectorProven: injectorProven(view),
    componentLacks: (one) => (bundleLacksIncoming || !knowsBundle(one)) && !shownByLeaf(one),
    groupLacks: ({ anchors: held }) => lacks(held),
    isForeign: ({ anchors: held }) => foreign(held),
    componentLeafMayBeOld,
    groupLeafMayBeOld,
    holdsLeaving: ({ anchors: held }) => holds(held),
  };
}

/** Since the bundle changed, and since the injector's pods were made, pods by dry-run got all that is in it, and no more. */
export function injectorProven({ injects, bundle, controlPlane }: RotationView): boolean {
  if (injects === undefined || bundle === undefined) return false;
  const injector = controlPlane.find(({ name }) => name === "proxy-injector");
  const since = Math.max(bundle.changedAt?.getTime() ?? 0, injector?.oldestPodAt?.getTime() ?? 0);
  return injects.at.getTime() >= since && equalTrust(injects.anchors, bundle.anchors);
}

function whereTo(
  issuer: LiveIssuer | undefined,
  incoming: Anchors,
  outgoing: Anchors,
  now: Date,
): Sight["issuer"] {
  if (issuer === undefined) return "missing";
  if (chains(issuer, incoming, now)) return "incoming";
  return chains(issuer, outgoing, now) ? "outgoing" : "other";
}

/** Identity would sign with it, by these anchors alone, while it is in date. */
export function chains(issuer: LiveIssuer | undefined, anchors: Anchors, now: Date): boolean {
  if (issuer === undefined) return false;
  const { certificate, intermediates } = issuer;
  const at = Math.min(
    Math.max(now.getTime(), certificate.notBefore.getTime()),
    certificate.notAfter.getTime(),
  );
  return verifyAsIdentity(certificate, intermediates, anchors, new Date(at)).ok;
}

// Thousands of proxies hold few bundles, and each bundle is one array.
function perBundle(ask: (held: Anchors) => boolean): (held: Anchors) => boolean {
  const answers = new Map<Anchors, boolean>();
  return (held) => {
    const known = answers.get(held);
    if (known !== undefined) return known;
    const answer = ask(held);
    answers.set(held, answer);
    return answer;
  };
}
