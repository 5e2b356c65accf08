import type { AdmissionResponse } from "../../webhook/respond.ts";
import type { Step } from "./story.ts";

export interface Screen {
  readonly text: string;
  /** The answer is the one that the story says. */
  readonly asTold: boolean;
}

/** A step and its answer as a person reads them; without a response it was no write. */
export function screenOf(
  step: Step,
  response: Pick<AdmissionResponse, "allowed" | "status" | "warnings"> | undefined,
): Screen {
  if (response === undefined) return { text: `\n  … ${step.title}\n`, asTold: true };
  const message = response.status?.message ?? "";
  const asTold = step.refusedBy === undefined ? response.allowed : message.includes(`[${step.refusedBy}]`);
  const mark = response.allowed ? "√ passes " : "× refused";
  const lines = [
    `\n${mark}  ${step.title}${asTold ? "" : `   ‼ NOT AS TOLD: ${step.refusedBy ?? "it should pass"}`}`,
    ...message
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => `    ${line}`),
    ...(response.warnings ?? []).map((warning) => `    ‼ ${warning}`),
  ];
  return { text: `${lines.join("\n")}\n`, asTold };
}
