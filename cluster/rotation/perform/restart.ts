import { fieldManager, restartedAnnotation, workloadNamed, workloadPath } from "../kinds.ts";
import type { WorkloadObject } from "../objects.ts";
import { type Context, insistence } from "./context.ts";
import { denied, insist } from "./insist.ts";
import { lastChange, nextSecond } from "./next-second.ts";
import { again, done, type Outcome, refused } from "./outcome.ts";
import { sentenceOf } from "./write-object.ts";

/**
 * Asks a workload's own controller to make its pods anew, as `kubectl rollout
 * restart` does; of an Argo Rollout, as its own plugin does. Only if it is as
 * it was looked at: who has restarted it meanwhile has done it.
 */
export async function restart(id: string, context: Context): Promise<Outcome> {
  const { observer, dryRun } = context;
  const seen = observer.workload(id);
  const name = workloadNamed(id);
  if (seen === undefined || name === undefined) return again(`${id} is not there any more`);
  if (!dryRun && !(await nextSecond(lastChange(context), context))) return again("it was interrupted");
  const at = observer.server
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  const spec =
    name.kind === "Rollout"
      ? { restartAt: at }
      : { template: { metadata: { annotations: { [restartedAnnotation]: at } } } };
  try {
    const { status, body } = await insist(
      observer.cluster,
      "PATCH",
      workloadPath(name),
      {
        contentType: "application/merge-patch+json",
        body: { metadata: { resourceVersion: seen.resourceVersion }, spec },
        query: { fieldManager, ...(dryRun ? { dryRun: "All" } : {}) },
      },
      insistence(context),
    );
    if (status === 404 || status === 409) return again(`${id} has changed since it was looked at`);
    if (status >= 300) return refused(sentenceOf(body, status), `See what refuses a restart of ${id}.`);
    // meta/v1 ObjectMeta: a patch of the template has bumped it.
    if (!dryRun) observer.expect(id, (body as WorkloadObject).metadata.generation ?? 0);
  } catch (error) {
    if (denied(error)) return refused(error.message, `See what refuses a restart of ${id}.`);
    throw error;
  }
  return done(`${id} is asked to make its pods anew`);
}
