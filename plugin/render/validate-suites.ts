import { knownRules } from "../known-rules.ts";
import { worst } from "../survey/assessment.ts";
import { type ManifestFinding, manifestDocsOf, manifestReadable } from "../validate/finding.ts";
import type { Report } from "../validate/report.ts";
import type { Case, CaseFinding, Suite } from "./suites.ts";

/** The findings as machines are told of them: a suite for each file, a case for each rule that is broken in it. */
export function validateSuites({ findings, suppressed = [], unreadable }: Report): Suite[] {
  const files = Map.groupBy([...findings, ...suppressed], ({ place }) => place.file);
  const suites = [...files].map(([file, inFile]): Suite => {
    const cases = [...Map.groupBy(inFile, ({ rule }) => rule)].map(([id, all]): Case => {
      const broken = all.filter((one) => !("suppressed" in one));
      const apart = suppressed.filter((one) => all.includes(one));
      return {
        id,
        summary: summaryOf(id),
        result: broken.length === 0 ? "success" : worst(broken.map(({ severity }) => severity)),
        findings: broken.map(asCase),
        remedy: all[0]?.remedy ?? "",
        docs: all[0]?.docs ?? "",
        ...(apart.length === 0
          ? {}
          : { suppressed: apart.map((one) => ({ ...asCase(one), suppressed: one.suppressed })) }),
      };
    });
    return { name: file, cases };
  });
  if (suites.length === 0 && unreadable.length === 0) suites.push({ name: "manifests", cases: [well] });
  return [...suites, ...unreadable.map(unread)];
}

function asCase({ severity, message, detail, place, object }: ManifestFinding): CaseFinding {
  return {
    severity,
    message,
    file: place.file,
    line: place.line,
    ...(detail === undefined ? {} : { detail }),
    ...(object === undefined ? {} : { object }),
  };
}

const well = {
  id: "manifests-sound",
  summary: "nothing is wrong with the manifests",
  result: "success",
  findings: [],
  remedy: "",
  docs: "",
} as const;

function summaryOf(id: string): string {
  return knownRules.find((rule) => rule.id === id)?.summary ?? id;
}

function unread({ place: { file, line }, message }: Report["unreadable"][number]): Suite {
  const id = "manifest-readable";
  const finding = { severity: "error", message, file, line } as const;
  const docs = manifestDocsOf(id);
  const { summary, remedy } = manifestReadable[id];
  return {
    name: file,
    cases: [{ id, summary, result: "error", findings: [finding], remedy, docs }],
  };
}
