import type { Report } from "../validate/report.ts";

/** The report in the shape that scripts may rely on. */
export function validateJson(report: Report) {
  const {
    against,
    files,
    objects,
    findings,
    predictions,
    betterOrder,
    notes,
    unreadable,
    suppressed = [],
  } = report;
  const count = (severity: string) => findings.filter((one) => one.severity === severity).length;
  return {
    apiVersion: "linkerd-certs.io/v1",
    kind: "ValidationReport",
    summary: { files, objects, errors: count("error"), warnings: count("warning") },
    findings: findings.map(({ place, ...finding }) => ({ ...finding, ...place })),
    ...(suppressed.length === 0
      ? {}
      : { suppressed: suppressed.map(({ place, ...finding }) => ({ ...finding, ...place })) }),
    ...(against === undefined ? {} : { against, predictions, ...(betterOrder ? { betterOrder } : {}) }),
    notes,
    unreadable: unreadable.map(({ place, message }) => ({ ...place, message })),
  };
}
