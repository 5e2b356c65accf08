import type { Happening } from "../progress.ts";

/** Whether something that happens shows that it goes forward. To be asked of everything that happens, in its order. */
export type Headway = (happening: Happening) => boolean;

/**
 * Steps that are done, and whatever is reached for the first time: a stage, a
 * proof, more workloads of a stage done than ever. What only goes to and fro,
 * such as an app that crashes and comes up for ever, does not count. Once the
 * bundle or the issuer is written, all is to be reached anew.
 */
export function headway(): Headway {
  const reached = new Map<string, Map<string, number>>();

  return (happening) => {
    switch (happening.kind) {
      case "step-done":
        if (happening.step.kind === "write-bundle" || happening.step.kind === "write-issuer")
          reached.delete(happening.cluster);
        return true;
      case "stage":
        return isNew(happening.cluster, `stage ${happening.stage}`, 0);
      case "proven":
        return isNew(happening.cluster, `proven ${happening.issuer}`, 0);
      case "looked":
        return isNew(happening.cluster, `done ${happening.stage}`, happening.progress.done);
      default:
        return false;
    }
  };

  function isNew(cluster: string, what: string, height: number): boolean {
    const marks = reached.get(cluster) ?? new Map<string, number>();
    reached.set(cluster, marks);
    if ((marks.get(what) ?? -1) >= height) return false;
    marks.set(what, height);
    return true;
  }
}
