import type { TrustRoots } from "../../trust/facts.ts";

/** When the anchors were last seen to change, for as long as we have looked. */
export interface LastChange {
  /** Looks whether they are others than before. */
  look(): void;
  /** The same object, dated no earlier than what was seen. */
  noted(trustRoots: TrustRoots): TrustRoots;
}

/** `anchors` names the set of anchors that is watched now. */
export function lastChange(anchors: () => string, clock: () => Date): LastChange {
  let known: string | undefined;
  let at: Date | undefined;
  return {
    look() {
      const now = anchors();
      if (known !== undefined && known !== now) at = clock();
      known = now;
    },
    noted(trustRoots) {
      const { changedAt } = trustRoots;
      if (at === undefined || changedAt === undefined || changedAt >= at) return trustRoots;
      return { ...trustRoots, changedAt: at };
    },
  };
}
