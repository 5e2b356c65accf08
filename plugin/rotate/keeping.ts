import type { Recorder } from "../../cluster/events.ts";
import type { JournalWriter } from "../../cluster/rotation/journal/journal-writer.ts";
import type { Stage } from "../../trust/rotation/stage.ts";
import type { Happening, Listener } from "./progress.ts";
import { eventOf, isUrgent, lineOf, type Recording } from "./record.ts";

/** Where one cluster's part of a rotation is recorded. */
export interface Keeper extends Recording {
  readonly cluster: string;
  readonly journal: JournalWriter;
  readonly events: Recorder;
}

/** Writes what happens into each cluster's journal, and as Events on the objects themselves. */
export function keeping(keepers: readonly Keeper[]): Listener {
  const stages = new Map<string, Stage>();
  return (happening) => {
    if (happening.kind === "stage" || happening.kind === "looked")
      stages.set(happening.cluster, happening.stage);
    for (const keeper of keepers)
      if (happening.kind === "ended" || happening.cluster === keeper.cluster)
        keep(keeper, happening, stages.get(keeper.cluster));
  };
}

function keep(keeper: Keeper, happening: Happening, stage: Stage | undefined): void {
  const { journal, events } = keeper;
  const line = lineOf(happening, stage, keeper.cluster, keeper);
  if (line !== undefined) {
    journal.append(line);
    // What keeps it from being written is told by the writer, and tried again.
    if (isUrgent(line)) journal.flush().catch(() => {});
  }
  const event = eventOf(happening, keeper);
  if (event !== undefined) events.record(event);
}
