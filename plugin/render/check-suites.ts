import { pageUrl } from "../../trust/pages.ts";
import type { Check, CheckRun } from "../survey/assessment.ts";
import { objectOf } from "../survey/object-of.ts";
import type { Case, Suite } from "./suites.ts";

/** What junit, sarif and github are told of a check. */
export function checkSuites({ clusters, comparison }: CheckRun): Suite[] {
  const several = clusters.length > 1;
  return [
    ...clusters.flatMap(({ name, assessment, failure }) => [
      ...(assessment?.groups ?? []).map((group) => ({
        name: several ? `${name}: ${group.name}` : group.name,
        cases: group.checks.map((check) => about(objectOf(group.name, assessment?.survey.namespace), check)),
      })),
      ...(failure === undefined ? [] : [{ name, cases: [unasked(failure)] }]),
    ]),
    ...(comparison === undefined ? [] : [{ name: "clusters", cases: comparison.checks }]),
  ];
}

function about(object: string | undefined, check: Check): Case {
  if (object === undefined) return check;
  const { suppressed = [], ...rest } = check;
  return {
    ...rest,
    findings: check.findings.map((finding) => ({ ...finding, object })),
    ...(suppressed.length === 0 ? {} : { suppressed: suppressed.map((one) => ({ ...one, object })) }),
  };
}

function unasked({ message, hint }: { readonly message: string; readonly hint: string }) {
  return {
    id: "cluster-answers",
    summary: "the cluster can be asked",
    result: "error",
    findings: [{ severity: "error", message }],
    remedy: hint,
    docs: pageUrl("docs/check.md"),
  } as const;
}
