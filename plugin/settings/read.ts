import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject } from "ajv";
import { isMap, isNode, LineCounter, parseDocument } from "yaml";
import { Failure } from "../../cluster/failure.ts";
import { closest } from "../../trust/closest.ts";
import type { Severity } from "../../trust/rule.ts";
import { knownRules } from "../known-rules.ts";
import type { SettingsFile } from "./find.ts";
import { settable } from "./fitting.ts";
import { patternHelp, settingsSchema } from "./schema.ts";
import type { Said, Settings, Suppression } from "./settings.ts";

type Path = readonly (string | number)[];

interface Content {
  readonly rules?: Readonly<Record<string, Severity | "off">>;
  readonly suppressions?: readonly {
    readonly rule: string;
    readonly object?: string;
    readonly fingerprint?: string;
    readonly until: string;
    readonly reason: string;
  }[];
}

/** One file, or a Failure that names the first line that is not right. */
export function readSettings({ path, name }: SettingsFile): Settings {
  const counter = new LineCounter();
  const document = parseDocument(textOf(path, name), { lineCounter: counter, logLevel: "silent" });
  const lineOf = (at: Path): number => {
    const owner: unknown = document.getIn(at.slice(0, -1), true);
    const pair = isMap(owner) ? owner.items.find(({ key }) => String(key) === String(at.at(-1))) : undefined;
    const node: unknown = pair?.key ?? document.getIn(at, true) ?? owner;
    return isNode(node) && node.range ? counter.linePos(node.range[0]).line : 1;
  };
  const wrong = (line: number, what: string) =>
    new Failure(
      `${name}:${line}: ${what}`,
      "Correct it, or leave it out; docs/settings.md says what there is.",
    );

  const [bad] = document.errors;
  if (bad !== undefined) throw wrong(counter.linePos(bad.pos[0]).line || 1, "it is no YAML");
  const content = plain(document);
  if (content === undefined) throw wrong(1, "aliases (*name) are not for settings");
  const validate = new Ajv({ allowUnionTypes: true }).compile<Content & Record<string, unknown>>(
    settingsSchema,
  );
  if (!validate(content)) {
    const [first] = validate.errors ?? [];
    const at = first === undefined ? [] : pathOf(first);
    throw wrong(
      lineOf(at),
      `${at.join(".")}${at.length > 0 ? ": " : ""}${first === undefined ? "" : why(first)}`,
    );
  }

  const values = new Map<string, Said>();
  for (const [flag, fits] of Object.entries(settable)) {
    const given = content[flag];
    if (given === undefined) continue;
    const texts = (Array.isArray(given) ? given : [given]).map(String);
    for (const text of texts) {
      const reason = fits(text);
      if (reason !== undefined) throw wrong(lineOf([flag]), `${flag}: ${text}: ${reason}`);
    }
    values.set(flag, { values: texts, place: `${name}:${lineOf([flag])}` });
  }

  const known = (rule: string, at: Path) => {
    if (knownRules.some(({ id }) => id === rule)) return;
    const meant = closest(
      rule,
      knownRules.map(({ id }) => id),
    );
    throw wrong(lineOf(at), `${rule}: no such rule${meant === undefined ? "" : `; did you mean ${meant}?`}`);
  };
  const rules = Object.entries(content.rules ?? {}).map(([rule, severity]) => {
    known(rule, ["rules", rule]);
    return [rule, { severity, place: `${name}:${lineOf(["rules", rule])}` }] as const;
  });
  const suppressions = (content.suppressions ?? []).map((one, i): Suppression => {
    known(one.rule, ["suppressions", i, "rule"]);
    const until = endOf(one.until);
    if (until === undefined)
      throw wrong(lineOf(["suppressions", i, "until"]), `suppressions.${i}.until: ${patternHelp["until"]}`);
    return { ...one, until, file: name, line: lineOf(["suppressions", i, "rule"]) };
  });
  return { values, rules: new Map(rules), suppressions };
}

/** Without aliases, which could make a page of a line. */
function plain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch {
    return undefined;
  }
}

function textOf(path: string, name: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= 1024 * 1024) return bytes.toString("utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new Failure(`${name} cannot be read${code}`, "These are your settings: docs/settings.md.");
  }
  throw new Failure(`${name} is larger than 1 MiB`, "These are your settings: docs/settings.md.");
}

function pathOf({ instancePath, keyword, params }: ErrorObject): Path {
  const parts = instancePath
    .split("/")
    .slice(1)
    .map((one) => one.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((one) => (/^\d+$/.test(one) ? Number(one) : one));
  return keyword === "additionalProperties" ? [...parts, String(params["additionalProperty"])] : parts;
}

function why({ keyword, params, instancePath, message = "" }: ErrorObject): string {
  switch (keyword) {
    case "additionalProperties": {
      const meant = closest(String(params["additionalProperty"]), [
        ...Object.keys(settingsSchema.properties),
      ]);
      return `there is no such setting${meant === undefined ? "" : `; did you mean ${meant}?`}`;
    }
    case "required":
      return `${params["missingProperty"]} is missing`;
    case "enum":
      return `must be one of ${params["allowedValues"].join(", ")}`;
    case "pattern":
      return patternHelp[instancePath.split("/").at(-1) ?? ""] ?? message;
    default:
      return message;
  }
}

/** A day counts to its end. */
function endOf(text: string): Date | undefined {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  return text.includes("T") ? date : new Date(date.getTime() + 86_400_000);
}
