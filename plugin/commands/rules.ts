import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { knownRules } from "../known-rules.ts";
import { table } from "../render/table.ts";

export const rulesCommand: Command = {
  name: "rules",
  summary: "Lists the rules: all that the guard, check and validate can report",
  help: `Usage: kubectl linkerd-certs rules [-o table|json|name]

Severity deny is an error: the guard refuses a write that brings it. warn is a warning.
What one of them means: explain RULE.

  -o, --output table|json|name  name lists the names alone (table)

${exitCodesHelp({ ok: "listed", usage: "the flags do not fit" })}`,
  options: {},
  takes: ["output"],

  async run(args, { stdout }) {
    if (args.positionals.length > 0)
      throw new UsageError(`rules takes no ${args.positionals[0]}; one rule: explain ${args.positionals[0]}`);
    const output = args.text("output") ?? "table";
    if (output === "name") stdout.write(knownRules.map(({ id }) => `${id}\n`).join(""));
    else if (output === "json") stdout.write(`${JSON.stringify(asJson(), undefined, 2)}\n`);
    else if (output === "table") {
      stdout.write(
        table(
          ["RULE", "SEVERITY", "ASKED BY", "WHEN ALL IS WELL"],
          knownRules.map(({ id, severity, askedBy, summary }) => [id, severity, askedBy.join(), summary]),
        ),
      );
    } else throw new UsageError(`-o ${output}: must be table, json or name`);
    return exitCodes.ok;
  },
};

function asJson() {
  return { apiVersion: "linkerd-certs.io/v1", kind: "RuleList", items: knownRules };
}
