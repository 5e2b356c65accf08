import { type Case, type Suite, textOf } from "./suites.ts";

/**
 * JUnit's XML: a suite for each group, a test for each question. A warning is
 * a failure only where warnings are to fail.
 */
export function junit(suites: readonly Suite[], failing: "error" | "warning" = "error"): string {
  const fails = (one: Case) => one.result === "error" || (one.result === "warning" && failing === "warning");
  const counts = (cases: readonly Case[]) =>
    `tests="${cases.length}" failures="${cases.filter(fails).length}" errors="0"`;
  const skipped = (cases: readonly Case[]) => cases.filter(({ result }) => result === "skipped").length;
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="linkerd-certs" ${counts(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${escaped(name)}" ${counts(cases)} skipped="${skipped(cases)}">`,
      ...cases.flatMap((one) => testCase(name, one, fails(one))),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(suite: string, one: Case, fails: boolean): string[] {
  const open = `    <testcase classname="${escaped(suite)}" name="${escaped(`${one.id}: ${one.summary}`)}"`;
  const inside = one.findings.map((finding) => {
    const text = escaped(`${textOf(finding, one.remedy)}\n${one.docs}`);
    return fails
      ? `      <failure type="${finding.severity}" message="${escaped(finding.message)}">${text}</failure>`
      : `      <system-out>${text}</system-out>`;
  });
  for (const { message, suppressed } of one.suppressed ?? [])
    inside.push(`      <system-out>${escaped(`${message}\n${suppressed}`)}</system-out>`);
  if (one.result === "skipped") inside.push(`      <skipped message="${escaped(one.why ?? "")}"/>`);
  return inside.length === 0 ? [`${open}/>`] : [`${open}>`, ...inside, "    </testcase>"];
}

function escaped(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\u{10ffff}]/gu, "?");
}
