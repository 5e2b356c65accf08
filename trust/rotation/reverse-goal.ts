import type { AnchorGoal } from "./goal.ts";

/**
 * The way back: the anchor that went comes again, and the issuer of it. It goes
 * as far as identity signing by it, and leaves both anchors in the bundle: a
 * state that is safe to stay in, and to leave either way.
 */
export function reverseGoal({ incoming, outgoing, leaves, lazy }: AnchorGoal): AnchorGoal {
  return { kind: "anchor", incoming: outgoing, outgoing: incoming, leaves, lazy, until: "reissued" };
}
