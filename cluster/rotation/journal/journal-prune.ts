import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import { journalsPath, kindOf, type Recorded, rotationLabel } from "./journal-object.ts";

/** How many rotations a cluster remembers. Each is a ConfigMap of some kilobytes, or a few of at most 384 KiB. */
export const journalsKept = 20;

/** Of rotations, the oldest first: those that neither go on nor can be taken back, nor are among the newest. */
export function outdated(recorded: readonly Recorded[]): readonly Recorded[] {
  const [old, kept] = [recorded.slice(0, -journalsKept), recorded.slice(-journalsKept)];
  const reversed = new Set(recorded.map(({ opening }) => opening?.reverses));
  const needed = new Set(kept.map(({ opening }) => opening?.reverses));
  const lastOfAnchor = recorded.findLast((one) => kindOf(one) === "anchor");
  if (lastOfAnchor !== undefined) needed.add(lastOfAnchor.id);
  return old.filter(({ id, state }) => (state !== "unfinished" || reversed.has(id)) && !needed.has(id));
}

/** Deletes the journals of outdated rotations. Throws a Failure with what a person does instead where it may not. */
export async function pruneJournals(
  cluster: Cluster,
  recorded: readonly Recorded[],
  { namespace, signal }: { readonly namespace: string; readonly signal: AbortSignal },
): Promise<void> {
  // The part with the goal goes last: what is left half-way is still known for what it is.
  const names = outdated(recorded).flatMap(({ parts }) => parts.toReversed());
  for (const name of names) {
    const { status } = await refusable(
      cluster.request("DELETE", `${journalsPath(namespace)}/${name}`, { signal }),
    );
    if (status < 300 || status === 404) continue;
    throw new Failure(
      `${recorded.length} rotations are recorded, and the journals of the oldest could not be deleted: the API server answered ${status}`,
      `They do no harm. To delete one: kubectl delete configmap -n ${namespace} -l ${rotationLabel}=ID; export it before with: rotate history ID -o json.`,
      { status },
    );
  }
}

function refusable(answer: Promise<{ readonly status: number }>): Promise<{ readonly status: number }> {
  return answer.catch((error: unknown) => {
    if (error instanceof Failure && error.status === 403) return { status: 403 };
    throw error;
  });
}
