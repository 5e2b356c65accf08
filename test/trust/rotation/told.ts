import type { Plan } from "../../../trust/rotation/plan.ts";

/** What a plan says, in a word each: stage, steps, waits and blocks. */
export function told({ stage, steps, waits, blocks, done }: Plan): string[] {
  const step = (one: Plan["steps"][number]) =>
    one.kind === "restart-component"
      ? `${one.kind} ${one.component}`
      : one.kind === "restart-workload"
        ? `${one.kind} ${one.workload}`
        : one.kind;
  return [
    stage,
    ...steps.map(step),
    ...waits.map(({ what }) => `wait for ${what}`),
    ...blocks.map(({ what }) => `blocked: ${what}`),
    ...(done ? ["done"] : []),
  ];
}
