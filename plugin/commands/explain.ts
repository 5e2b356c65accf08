import { closest } from "../../trust/closest.ts";
import type { Rule } from "../../trust/rule.ts";
import { docsOf, rules } from "../../trust/rules/index.ts";
import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";

export const explain: Command = {
  name: "explain",
  summary: "Says what a rule means, what breaks without it, and the remedy",
  help: `Usage: kubectl linkerd-certs explain RULE

Example: kubectl linkerd-certs explain issuer-known-to-identity

${exitCodesHelp({ ok: "explained", usage: "there is no such rule" })}`,
  options: {},
  takes: [],

  async run({ positionals }, { stdout }) {
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new UsageError("explain takes the name of one rule");
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) {
      const ids = rules.map((one) => one.id);
      const like = ids.filter((one) => one.includes(id));
      const meant = like.length > 0 ? like.slice(0, 4).join(" or ") : closest(id, ids);
      throw new UsageError(`no such rule: ${id}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
    }
    stdout.write(textOf(rule));
    return exitCodes.ok;
  },
};

const severities = {
  deny: "error; the guard refuses a write that brings it",
  warn: "warning; the guard lets the write pass and says so",
};

function textOf(rule: Rule): string {
  return `${rule.id}

  when all is well   ${rule.summary}
  severity           ${severities[rule.severity]}
  without it         ${rule.breaks}
  remedy             ${rule.remedy}
  more               ${docsOf(rule.id)}
`;
}
