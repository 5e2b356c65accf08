import { Ajv, type ErrorObject } from "ajv";
import { parse } from "yaml";
import { closest } from "../trust/closest.ts";
import { parseDuration } from "../trust/duration.ts";
import type { Thresholds } from "../trust/facts.ts";
import { isRecord } from "../trust/fields.ts";
import type { Severity } from "../trust/rule.ts";
import type { RunOptions } from "./arguments.ts";
import { configSchema, type logLevels } from "./config-schema.ts";

export interface Config {
  readonly linkerdNamespace: string;
  /** By rule id; a rule that is not named keeps its own severity. */
  readonly rules: Readonly<Record<string, Severity | "off">>;
  readonly thresholds: Thresholds;
  readonly server: ServerConfig;
  readonly certificate: CertificateConfig;
  readonly audit: { readonly intervalSeconds: number };
  readonly log: { readonly level: LogLevel };
}

export interface ServerConfig {
  /** HTTPS: POST /validate and nothing else. */
  readonly port: number;
  /** Plain HTTP: /healthz, /readyz and /metrics. */
  readonly metricsPort: number;
  readonly bodyLimitBytes: number;
  readonly requestTimeoutMs: number;
  readonly drainSeconds: number;
}

export interface CertificateConfig {
  readonly mode: "self-managed" | "files";
  /** Where mode "files" finds tls.crt and tls.key. */
  readonly directory: string;
  readonly secretName: string;
  readonly serviceName: string;
  /** The guard's own namespace. */
  readonly namespace: string;
  readonly webhookConfigurationName: string;
  readonly leafLifetimeMs: number;
  readonly authorityLifetimeMs: number;
  /** How long a new authority is in the live caBundle before a leaf is signed by it. */
  readonly settleMs: number;
  /** How often Secret, webhook configuration, files and clock are looked at. */
  readonly pollMs: number;
}

export type LogLevel = (typeof logLevels)[number];

/** The configuration is refused as a whole; every line of the message names a field and what is allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly hint = "correct the fields that are named, or leave them out for their defaults";
}

/** What the command line says, and the file then does not. */
export type Overrides = Pick<RunOptions, "port" | "metricsPort" | "logLevel">;

/** Reads a configuration from YAML or JSON text; an empty text is all defaults. */
export function readConfig(text: string, ruleIds: readonly string[], overrides: Overrides = {}): Config {
  const written = override(withoutNulls(parseYaml(text)) ?? {}, overrides);
  const validate = new Ajv({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    strict: false,
  }).compile<Written>(configSchema(ruleIds));
  if (!validate(written)) throw new ConfigError(explain(validate.errors ?? []).join("\n"));
  const { leafLifetime, authorityLifetime, settle, poll, ...certificate } = written.certificate;
  const config: Config = {
    ...written,
    certificate: {
      ...certificate,
      leafLifetimeMs: milliseconds(leafLifetime),
      authorityLifetimeMs: milliseconds(authorityLifetime),
      settleMs: milliseconds(settle),
      pollMs: milliseconds(poll),
    },
  };
  checkLifetimes(config.certificate);
  return config;
}

function milliseconds(text: string): number {
  const read = parseDuration(text);
  if (read === undefined) throw new ConfigError(`"${text}" is no duration`); // the schema lets none through
  return read;
}

/** As the schema leaves it: defaults filled in, durations still as text. */
interface Written extends Omit<Config, "certificate"> {
  readonly certificate: Omit<
    CertificateConfig,
    "leafLifetimeMs" | "authorityLifetimeMs" | "settleMs" | "pollMs"
  > & {
    readonly leafLifetime: string;
    readonly authorityLifetime: string;
    readonly settle: string;
    readonly poll: string;
  };
}

function parseYaml(text: string): unknown {
  try {
    // Aliases multiply: a short text could become a huge value.
    return parse(text, { maxAliasCount: 0, logLevel: "error" });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`not YAML or JSON: ${why.split("\n")[0]}`, { cause: error });
  }
}

// Before validation, so that a wrong value from the command line is refused like one from the file.
function override(written: unknown, { port, metricsPort, logLevel }: Overrides): unknown {
  if (!isRecord(written)) return written;
  const put = (section: string, field: string, value: unknown) => {
    const fields = written[section] ?? {};
    if (value !== undefined && isRecord(fields)) written[section] = { ...fields, [field]: value };
  };
  put("server", "port", port);
  put("server", "metricsPort", metricsPort);
  put("log", "level", logLevel);
  return written;
}

// "rules:" with every line below it commented out is null, and means the defaults.
function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}

function explain(errors: readonly ErrorObject[]): string[] {
  return [...new Set(errors.map(explainOne))];
}

function explainOne({ instancePath, keyword, params, parentSchema }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll("/", ".");
  const field = (name: string) => (path === "" ? name : `${path}.${name}`);
  if (keyword !== "additionalProperties") {
    return `${path || "configuration"}: must be ${parentSchema?.["description"]}`;
  }
  const unknown = String(params["additionalProperty"]);
  const known = Object.keys(parentSchema?.["properties"] ?? {});
  const meant = closest(unknown, known);
  const hint = meant === undefined ? `allowed are ${known.join(", ")}` : `did you mean ${meant}?`;
  return `${field(unknown)}: no such ${path === "rules" ? "rule" : "field"}; ${hint}`;
}

// A leaf cannot outlive its authority, and the next authority comes in the last third.
function checkLifetimes({ leafLifetimeMs, authorityLifetimeMs, settleMs, pollMs }: CertificateConfig): void {
  const wrong: string[] = [];
  if (leafLifetimeMs < 10_000) wrong.push("certificate.leafLifetime: must be 10s or more");
  if (authorityLifetimeMs < 3 * leafLifetimeMs) {
    wrong.push("certificate.authorityLifetime: must be at least three times certificate.leafLifetime");
  }
  if (pollMs < 100 || pollMs > 60_000) wrong.push("certificate.poll: must be between 100ms and 1m");
  if (settleMs + 2 * pollMs > leafLifetimeMs / 3) {
    wrong.push(
      "certificate.settle: together with twice certificate.poll, must be at most a third of certificate.leafLifetime",
    );
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join("\n"));
}
