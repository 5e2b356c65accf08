import type { CheckRun, Result } from "../survey/assessment.ts";

interface Category {
  readonly categoryName: string;
  readonly checks: readonly {
    readonly description: string;
    readonly hint?: string;
    readonly error?: string;
    readonly result: Result;
  }[];
}

/**
 * What `linkerd check` wants of an extension (linkerd2 pkg/healthcheck
 * checkJSONOutput): it shows each description with its result, the error below.
 */
export function checkExtension({ clusters }: CheckRun): object {
  const categories: Category[] = clusters.flatMap(({ name, assessment, failure }) => [
    ...(assessment?.groups ?? []).map((group) => ({
      categoryName: `linkerd-certs: ${group.name}`,
      checks: group.checks
        // It knows no question that was not asked.
        .filter(({ result }) => result !== "skipped")
        .map(({ summary, result, findings, docs, suppressed = [] }) => ({
          description: suppressed.length === 0 ? summary : `${summary} (${suppressed.length} suppressed)`,
          ...(findings.length === 0
            ? {}
            : { hint: docs, error: findings.map(({ message }) => message).join("\n    ") }),
          result,
        })),
    })),
    ...(failure === undefined
      ? []
      : [
          {
            categoryName: "linkerd-certs",
            checks: [
              {
                description: `${name} can be asked`,
                hint: failure.hint,
                error: failure.message,
                result: "error" as const,
              },
            ],
          },
        ]),
  ]);
  const checks = categories.flatMap((category) => category.checks);
  return { success: checks.every(({ result }) => result !== "error"), categories };
}
