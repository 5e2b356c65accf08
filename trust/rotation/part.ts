import type { Block, Step, Wait } from "./plan.ts";

/** What one part of a stage still asks for; all empty: nothing. */
export interface Part {
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly blocks: readonly Block[];
}

export const nothing: Part = { steps: [], waits: [], blocks: [] };

export const part = (some: Partial<Part>): Part => ({ ...nothing, ...some });

/** It asks for nothing. */
export function isDone({ steps, waits, blocks }: Part): boolean {
  return steps.length === 0 && waits.length === 0 && blocks.length === 0;
}

/** One part after the other: the first that still asks for something. */
export function inTurn(...parts: readonly (() => Part)[]): Part {
  for (const next of parts) {
    const asked = next();
    if (!isDone(asked)) return asked;
  }
  return nothing;
}
