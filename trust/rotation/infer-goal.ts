import { distinct } from "../judgements.ts";
import type { Certificate } from "../x509/index.ts";
import { comingAfter, isAfter, isInDate } from "./anchors.ts";
import type { AnchorGoal } from "./goal.ts";
import { chains } from "./sight.ts";
import type { RotationView } from "./view.ts";

/**
 * Which way a rotation goes that nobody recorded, as far as bundle, issuer and
 * proxies tell: undefined where nothing is under way. An anchor is coming when
 * it is newer than all that the issuer chains to, valid, and has signed nothing
 * yet; once the issuer chains to the newest one, what proxies and bundle hold
 * beside it is going, if it is older.
 */
export function inferGoal(view: RotationView): AnchorGoal | undefined {
  const { bundle, issuer, now } = view;
  if (bundle === undefined || issuer === undefined) return undefined;
  const anchors = distinct(bundle.anchors).filter((one) => isInDate(one, now));
  const signers = anchors.filter((one) => chains(issuer, [one], now));
  if (signers.length === 0) return undefined;
  const coming = comingAfter(signers, anchors, now);
  if (coming.length > 0) return goalOf(coming, signers);
  const held = view.workloads.flatMap(({ proxies }) => proxies.map((group) => group.anchors));
  const known = distinct([...anchors, ...[...new Set(held)].flat()]);
  const going = known.filter(
    (one) => !chains(issuer, [one], now) && signers.every((signer) => isAfter(signer, one)),
  );
  return going.length === 0 ? undefined : goalOf(signers, going);
}

function goalOf(incoming: readonly Certificate[], outgoing: readonly Certificate[]): AnchorGoal {
  return { kind: "anchor", incoming, outgoing, leaves: "restart", lazy: false };
}
