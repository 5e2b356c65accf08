import { counted } from "../render/counted.ts";
import type { CheckRun, Result } from "../survey/assessment.ts";

export interface Verdict {
  readonly mark: Mark;
  readonly sentence: string;
}

export type Mark = keyof typeof symbols;

/** linkerd check's. */
export const symbols = { success: "√", warning: "‼", error: "×", skipped: "–" } as const;

/** What a result is called where the symbol cannot be seen. */
export const words: Readonly<Record<Result, string>> = {
  success: "fine",
  warning: "warning",
  error: "error",
  skipped: "not asked",
};

/** What is to be said first. Nothing is called well that could not be looked at. */
export function verdictOf(run: CheckRun): Verdict {
  const groups = run.clusters.flatMap(({ assessment }) => assessment?.groups ?? []);
  const checks = [...groups.flatMap((group) => group.checks), ...(run.comparison?.checks ?? [])];
  const count = (result: Result) => checks.filter((one) => one.result === result).length;
  const [errors, warnings, skipped] = [count("error"), count("warning"), count("skipped")];
  const failed = run.clusters.filter(({ failure }) => failure !== undefined).length;
  const unseen = [
    ...(failed === 0 ? [] : [`${counted(failed, "cluster")} could not be asked`]),
    ...(skipped === 0 ? [] : [`${counted(skipped, "question")} could not be answered`]),
  ];
  const found = [
    ...(errors === 0 ? [] : [counted(errors, "error")]),
    ...(warnings === 0 ? [] : [counted(warnings, "warning")]),
  ];
  const mark = failed > 0 || errors > 0 ? "error" : warnings > 0 || skipped > 0 ? "warning" : "success";
  if (found.length === 0 && unseen.length === 0)
    return { mark, sentence: `All is well: ${counted(count("success"), "question")}, no finding` };
  const head = found.length === 0 ? "Nothing wrong was found" : found.join(" and ");
  const but = found.length === 0 ? ", but" : ";";
  return { mark, sentence: unseen.length === 0 ? head : `${head}${but} ${unseen.join(" and ")}` };
}
