import { type Suite, textOf } from "./suites.ts";

/** Workflow commands: an annotation for each finding in GitHub Actions. */
export function github(suites: readonly Suite[]): string {
  return suites
    .flatMap(({ cases }) => cases)
    .flatMap(({ id, findings, remedy, docs }) =>
      findings.map((finding) => {
        const { severity, file, line } = finding;
        const properties = [
          ...(file === undefined ? [] : [`file=${property(file)}`]),
          ...(file === undefined || line === undefined ? [] : [`line=${line}`]),
          `title=${property(id)}`,
        ];
        return `::${severity} ${properties.join(",")}::${message(`${textOf(finding, remedy)}\n${docs}`)}\n`;
      }),
    )
    .join("");
}

// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
function message(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return message(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
