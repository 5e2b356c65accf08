import { settable } from "../../plugin/settings/fitting.ts";
import { settingsSchema } from "../../plugin/settings/schema.ts";
import { variableOf } from "../../plugin/settings/settle.ts";
import { rules } from "../../trust/rules/index.ts";
import { ConfigError, readConfig } from "../../webhook/config.ts";
import { configSchema } from "../../webhook/config-schema.ts";
import { code, madeBy, page, prose, table } from "./markdown.ts";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
}

const ruleIds = rules.map(({ id }) => id);

/** docs/reference/configuration.md: every field of the guard's configuration, and of the plugin's settings. */
export function configurationPage(): string {
  return page(
    "# Configuration",
    madeBy,
    "## The guard",
    "What its file may hold, [explained](../configuration.md) elsewhere. Its command line and environment are among the [commands](commands.md#the-guard-linkerd-certs-webhook); the chart's [values](../../manifests/chart/README.md#values) write this file.",
    table(
      ["field", "what it is for", "must be", "default"],
      guardFields().map(({ path, title = "", description = "", default: usual }) => [
        code(path),
        prose(title),
        prose(description),
        usual === undefined ? "its own" : code(JSON.stringify(usual)),
      ]),
    ),
    `Of several fields at once:\n\n${together()
      .map((line) => `- ${prose(line)}`)
      .join("\n")}`,
    "## The plugin's settings",
    "What its files may hold, and the environment's variable for it; [explained](../settings.md) elsewhere.",
    table(
      ["field", "variable", "what it must be"],
      Object.keys(settingsSchema.properties).map((name) => [code(name), variable(name), mustBe(name)]),
    ),
  );
}

/** Every field in the order of the schema; the rules' are alike, and one stands for all. */
export function guardFields(): readonly (Node & { readonly path: string })[] {
  const walk = (node: Node, prefix: string): (Node & { readonly path: string })[] =>
    Object.entries(node.properties ?? {}).flatMap(([name, inner]) => {
      const path = `${prefix}${name}`;
      return inner.properties ? walk(inner, `${path}.`) : [{ ...inner, path }];
    });
  return walk(configSchema(["RULE"]), "");
}

/** What is asked of several fields at once, in the words with which it is refused. */
function together(): readonly string[] {
  try {
    readConfig("certificate: { leafLifetime: 1s, authorityLifetime: 1s, settle: 1h, poll: 1h }", ruleIds);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  throw new Error("docs/generate/configuration.ts: this configuration should be refused");
}

function variable(name: string): string {
  return name in settable ? code(variableOf(name)) : "";
}

const inFiles: Readonly<Record<string, string>> = {
  contexts: "a list; in the variable joined by commas. For check and report, which compare them",
  rules: "a map of [rules](rules.md): deny, warn or off. For check, report and validate",
  suppressions: "a list: `rule`, `until` and `reason`, and perhaps `object` and `fingerprint`",
};

function mustBe(name: string): string {
  // Nothing is an empty text's default: what is said against one is what the field must be.
  return inFiles[name] ?? prose(settable[name]?.("") ?? "");
}
