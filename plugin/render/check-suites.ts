import type { CheckRun } from "../survey/assessment.ts";
import type { Suite } from "./suites.ts";

/** What junit, sarif and github are told of a check. */
export function checkSuites({ clusters, comparison }: CheckRun): Suite[] {
  const several = clusters.length > 1;
  return [
    ...clusters.flatMap(({ name, assessment, failure }) => [
      ...(assessment?.groups ?? []).map((group) => ({
        name: several ? `${name}: ${group.name}` : group.name,
        cases: group.checks,
      })),
      ...(failure === undefined ? [] : [{ name, cases: [unasked(failure)] }]),
    ]),
    ...(comparison === undefined ? [] : [{ name: "clusters", cases: comparison.checks }]),
  ];
}

function unasked({ message, hint }: { readonly message: string; readonly hint: string }) {
  return {
    id: "cluster-answers",
    summary: "the cluster can be asked",
    result: "error",
    findings: [{ severity: "error", message }],
    remedy: hint,
    docs: "https://github.com/linkerd-certs/linkerd-certs/blob/main/docs/check.md",
  } as const;
}
