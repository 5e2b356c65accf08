import type { Issuance, IssuerSeen } from "../facts.ts";
import { distinct, sameAnchor } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";
import { type Certificate, verifyAsIdentity } from "../x509/index.ts";

// A proxy renews its leaf in the course of a leaf's lifetime, so a leaf in use was signed by an
// issuer of that last stretch, and no earlier than its proxy started. Pods made from now on trust
// only what is in the bundle now: they refuse a leaf whose anchor has gone.
export default defineRule({
  id: "anchor-in-use-kept",
  severity: "deny",
  summary: "an anchor that running proxies' leaves may chain to stays in the trust bundle",
  breaks: "New pods refuse the leaves that older pods still hold, for up to a day.",
  remedy:
    "Keep it until the longest-running proxy has a new leaf: restart the workloads, or wait a leaf's lifetime.",
  needs: ["bundle", "previous", "mesh", "issuance"],
  follows: ["bundle-overlaps-previous", "issuer-chains-to-anchor"],

  check({ bundle, previous, mesh, issuance, now }) {
    const { oldest } = mesh;
    if (oldest === undefined) return [];
    const since = new Date(Math.max(oldest.startedAt.getTime(), now.getTime() - issuance.lifetimeMs));
    return distinct(previous.bundle?.anchors ?? [])
      .filter((anchor) => anchor.notAfter >= now && !bundle.anchors.some((kept) => sameAnchor(kept, anchor)))
      .filter((anchor) => mayHaveSigned(anchor, bundle.anchors, issuance, since, now))
      .map((anchor) => ({
        message: `leaves that running proxies hold may chain to anchor ${named(anchor)}, which the write drops`,
        detail: `${oldest.workload} has run since ${moment(oldest.startedAt)}`,
      }));
  },
});

function mayHaveSigned(
  anchor: Certificate,
  kept: readonly Certificate[],
  { issuers }: Issuance,
  since: Date,
  now: Date,
): boolean {
  const [first] = issuers;
  // Before the first issuer we saw anything may have signed, if the anchor was valid by then.
  const unseenUntil = first?.from ?? now;
  if (since < unseenUntil && anchor.notBefore < unseenUntil) return true;
  return issuers.some((issuer, i) => {
    const until = issuers[i + 1]?.from ?? now;
    return until > since && restsOn(issuer, anchor, kept);
  });
}

function restsOn({ chain, from }: IssuerSeen, anchor: Certificate, kept: readonly Certificate[]): boolean {
  const [issuer, ...intermediates] = chain;
  if (issuer === undefined) return false;
  const at = from < issuer.notBefore ? issuer.notBefore : from;
  const verifies = (anchors: readonly Certificate[]) =>
    verifyAsIdentity(issuer, intermediates, anchors, at).ok;
  return verifies([anchor]) && !verifies(kept);
}
