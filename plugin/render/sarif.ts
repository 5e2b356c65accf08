import { createHash } from "node:crypto";
import { type Case, type CaseFinding, type Suite, textOf } from "./suites.ts";

/** SARIF 2.1.0, as code scanning takes it. */
export function sarif(suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases.map((one) => ({ suite: suite.name, one })));
  const rules = [...new Map(cases.map(({ one }) => [one.id, one])).values()];
  const results = cases.flatMap(({ suite, one }) => {
    const index = rules.findIndex(({ id }) => id === one.id);
    return [
      ...one.findings.map((finding) => resultOf(suite, one, finding, index)),
      ...(one.suppressed ?? []).map((finding) => ({
        ...resultOf(suite, one, finding, index),
        suppressions: [{ kind: "external", justification: finding.suppressed }],
      })),
    ];
  });
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "linkerd-certs",
            informationUri: "https://github.com/linkerd-certs/linkerd-certs",
            rules: rules.map(({ id, summary, remedy, docs }) => ({
              id,
              shortDescription: { text: summary },
              // Code scanning shows this one, and wants all three to say something.
              fullDescription: { text: summary },
              help: { text: remedy || summary },
              ...(docs === "" ? {} : { helpUri: docs }),
            })),
          },
        },
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function resultOf(suite: string, { id, remedy }: Case, finding: CaseFinding, ruleIndex: number) {
  const { severity, message, file, line, object } = finding;
  return {
    ruleId: id,
    ruleIndex,
    level: severity,
    message: { text: textOf(finding, remedy) },
    locations: [
      {
        // Code scanning shows nothing without a file; of a cluster it is the object, as a path.
        physicalLocation: {
          artifactLocation: { uri: uriOf(file ?? (object ?? suite).replace(/[ ,]+/g, "/")) },
          region: { startLine: line ?? 1 },
        },
        logicalLocations: [{ fullyQualifiedName: object ?? suite }],
      },
    ],
    // So that the same finding is not a new alert on every run.
    partialFingerprints: {
      "linkerdCerts/v1": createHash("sha256")
        .update(`${id}\n${message}\n${file ?? suite}`)
        .digest("hex")
        .slice(0, 32),
    },
  };
}

/** A path as a reference: what would begin a scheme, a query or a fragment does not. */
function uriOf(path: string): string {
  return path
    .toWellFormed()
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
}
