import { knownRules } from "../known-rules.ts";
import { manifestDocsOf, manifestReadable } from "../validate/finding.ts";
import type { Report } from "../validate/report.ts";
import type { Suite } from "./suites.ts";

/** The findings as machines are told of them: a suite for each file, a case for each rule that is broken in it. */
export function validateSuites({ findings, unreadable }: Report): Suite[] {
  const files = Map.groupBy(findings, ({ place }) => place.file);
  const suites = [...files].map(([file, inFile]): Suite => {
    const cases = [...Map.groupBy(inFile, ({ rule }) => rule)].map(([id, broken]) => ({
      id,
      summary: summaryOf(id),
      result: broken.some(({ severity }) => severity === "error") ? ("error" as const) : ("warning" as const),
      findings: broken.map(({ severity, message, detail, place, object }) => ({
        severity,
        message,
        file,
        line: place.line,
        ...(detail === undefined ? {} : { detail }),
        ...(object === undefined ? {} : { object }),
      })),
      remedy: broken[0]?.remedy ?? "",
      docs: broken[0]?.docs ?? "",
    }));
    return { name: file, cases };
  });
  if (suites.length === 0 && unreadable.length === 0) suites.push({ name: "manifests", cases: [well] });
  return [...suites, ...unreadable.map(unread)];
}

const well = {
  id: "manifests-sound",
  summary: "nothing is wrong with the manifests",
  result: "success",
  findings: [],
  remedy: "",
  docs: "",
} as const;

export function summaryOf(id: string): string {
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
