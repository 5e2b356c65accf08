import { moment } from "../../../trust/naming.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import { counted } from "../../render/counted.ts";
import type { Happening, WorkloadChanged } from "../progress.ts";
import { doing, span, wordsFor } from "./words.ts";

/** What happened, as lines for where there is no terminal: none, one, or a few, each with its time. */
export function plainLines(happening: Happening, kind: Goal["kind"]): readonly string[] {
  const where = happening.kind === "ended" ? "" : `${happening.cluster}: `;
  return sentences(happening, kind).map((sentence) => `${moment(happening.at)} ${where}${sentence}`);
}

function sentences(happening: Happening, kind: Goal["kind"]): readonly string[] {
  switch (happening.kind) {
    case "looked":
      return [];
    case "stage": {
      const { stage, evidence } = happening;
      return [`${stage}: ${wordsFor(kind).stages[stage]}`, ...evidence.map((why) => `  for ${why}`)];
    }
    case "step-begun":
      return happening.step.kind === "restart-workload"
        ? []
        : [`${doing(happening.step)}: ${happening.step.why}`];
    case "step-done":
      return [`${happening.sentence} (${span(happening.ms)})`];
    case "step-failed": {
      const { step, message, hint, again } = happening;
      return [`${doing(step)} ${again ? "is tried again" : "failed"}: ${message}`, `  ${hint}`];
    }
    case "workload":
      return workload(happening);
    case "waiting":
      // Of roll-outs their workloads tell.
      return happening.waits
        .filter((wait) => wait.workload === undefined)
        .map(
          ({ what, until }) => `waiting for ${what}${until === undefined ? "" : `, until ${moment(until)}`}`,
        );
    case "blocked":
      return happening.blocks.flatMap(({ what, remedy }) => [`needs a person: ${what}`, `  ${remedy}`]);
    case "proven":
      return [
        `issuer ${happening.issuer.slice(0, 8)} in use since ${moment(happening.since)}: ${happening.evidence}`,
      ];
    case "warning":
      return [`warning: ${happening.message}`, `  ${happening.hint}`];
    case "leaf":
      return [`handshake: ${happening.pod} serves a leaf of issuer ${happening.issuer.slice(0, 8)}`];
    case "unseen":
      return [`not heard: ${happening.message}`, `  ${happening.hint}`];
    case "seen":
      return ["heard again"];
    case "ended":
      // What is missing is said once, at the end of all.
      return [happening.message];
  }
}

/** Only what a reader of a log wants to know: who is back, who is not, who needs him. */
function workload({ workload, state, ready, desired, trouble, ms }: WorkloadChanged): readonly string[] {
  const why = trouble === undefined ? "" : `: ${trouble}`;
  const pods = `${ready} of ${counted(desired, "pod")}`;
  switch (state) {
    case "fresh":
      return ms === undefined ? [] : [`${workload} is back, ${pods}, after ${span(ms)}`];
    case "failed":
      return [`${workload} does not come back, ${pods}${why}`];
    case "person":
      return [`${workload} is left to a person${why}`];
    default:
      return [];
  }
}
