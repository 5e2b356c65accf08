/** What became of a step. What kept us from trying is thrown as a Failure. */
export type Outcome =
  | {
      readonly outcome: "done";
      /** What was done, with fingerprints: 'ConfigMap linkerd/… holds "a" (3f9a1c02)'. */
      readonly sentence: string;
    }
  /** Somebody else was there first, or the moment has passed: look again. */
  | { readonly outcome: "again"; readonly why: string }
  /** The guard, or our own judgement by its rules, would not have it. */
  | { readonly outcome: "refused"; readonly message: string; readonly hint: string };

export const done = (sentence: string): Outcome => ({ outcome: "done", sentence });
export const again = (why: string): Outcome => ({ outcome: "again", why });
export const refused = (message: string, hint: string): Outcome => ({ outcome: "refused", message, hint });
