import { rules } from "../../trust/rules/index.ts";
import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { table } from "../render/table.ts";

export const rulesCommand: Command = {
  name: "rules",
  summary: "Lists the rules, in the order of the catalogue",
  help: `Usage: kubectl linkerd-certs rules [-o table|json|name]

${exitCodesHelp({ ok: "listed", usage: "the flags do not fit" })}`,
  options: {},
  takes: ["output"],

  async run(args, { stdout }) {
    const output = args.text("output") ?? "table";
    if (output === "name") stdout.write(rules.map(({ id }) => `${id}\n`).join(""));
    else if (output === "json") stdout.write(`${JSON.stringify(asJson(), undefined, 2)}\n`);
    else if (output === "table") {
      stdout.write(
        table(
          ["RULE", "SEVERITY", "WHEN ALL IS WELL"],
          rules.map((r) => [r.id, r.severity, r.summary]),
        ),
      );
    } else throw new UsageError(`-o ${output}: must be table, json or name`);
    return exitCodes.ok;
  },
};

function asJson() {
  return {
    apiVersion: "linkerd-certs.io/v1",
    kind: "RuleList",
    items: rules.map(({ id, severity, summary, breaks, remedy }) => ({
      id,
      severity,
      summary,
      breaks,
      remedy,
    })),
  };
}
