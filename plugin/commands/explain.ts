import { closest } from "../../trust/closest.ts";
import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { type KnownRule, knownRules } from "../known-rules.ts";

export const explain: Command = {
  name: "explain",
  summary: "Says what a rule means, what breaks without it, and the remedy",
  help: `Usage: kubectl linkerd-certs explain RULE

RULE is the name that a finding of check, validate or the guard ends with; rules lists them all.

Example: kubectl linkerd-certs explain issuer-known-to-identity

${exitCodesHelp({ ok: "explained", usage: "there is no such rule" })}`,
  options: {},
  takes: [],

  async run({ positionals }, { stdout }) {
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0)
      throw new UsageError("explain takes the name of one rule; all names: rules -o name");
    const rule = knownRules.find((one) => one.id === id);
    if (rule === undefined) {
      const ids = knownRules.map((one) => one.id);
      const like = ids.filter((one) => one.includes(id));
      const meant = like.length > 0 ? like.slice(0, 4).join(" or ") : closest(id, ids);
      const way = meant === undefined ? "; all names: rules -o name" : `; did you mean ${meant}?`;
      throw new UsageError(`no such rule: ${id}${way}`);
    }
    stdout.write(textOf(rule));
    return exitCodes.ok;
  },
};

function textOf(rule: KnownRule): string {
  return `${rule.id}

  when all is well   ${rule.summary}
  severity           ${severityOf(rule)}
  asked by           ${rule.askedBy.map(asker).join(", ")}
  without it         ${rule.breaks}
  remedy             ${rule.remedy}
  more               ${rule.docs}
`;
}

function severityOf({ severity, askedBy }: KnownRule): string {
  const word = severity === "deny" ? "error" : "warning";
  if (!askedBy.includes("guard")) return word;
  return severity === "deny"
    ? `${word}; the guard refuses a write that brings it`
    : `${word}; the guard lets the write pass and says so`;
}

function asker(one: KnownRule["askedBy"][number]): string {
  return one === "guard" ? "the guard" : one;
}
