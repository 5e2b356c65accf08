/**
 * What a configuration file may hold, as JSON Schema. Every field has a
 * default, and none of the defaults is a key or a password. `description` ends
 * the sentence "<field>: must be …".
 */
export function configSchema(ruleIds: readonly string[]): object {
  const severity = { enum: ["deny", "warn", "off"], description: "deny, warn or off" };
  return record({
    linkerdNamespace: { ...name, default: "linkerd" },
    rules: record(Object.fromEntries(ruleIds.map((id) => [id, severity]))),
    thresholds: record({
      remainingShare: { ...number(0, 1), default: 0.2 },
      ceilingDays: { ...number(0, 3650), default: 60 },
    }),
    server: record({
      port: { ...port, default: 8443 },
      metricsPort: { ...port, default: 8080 },
      bodyLimitBytes: { ...integer(1024, 64 * mebibyte), default: 7 * mebibyte },
      requestTimeoutMs: { ...integer(100, 300_000), default: 30_000 },
      drainSeconds: { ...number(0, 300), default: 10 },
    }),
    certificate: record({
      mode: {
        enum: ["self-managed", "files"],
        description: "self-managed or files",
        default: "self-managed",
      },
      directory: { ...text, default: "/etc/linkerd-certs/serving" },
      secretName: { ...name, default: "linkerd-certs-serving" },
      serviceName: { ...name, default: "linkerd-certs" },
      namespace: { ...name, default: "linkerd-certs" },
      webhookConfigurationName: { ...name, default: "linkerd-certs" },
      leafLifetime: { ...duration, default: "24h" },
      authorityLifetime: { ...duration, default: "8760h" },
      settle: { ...duration, default: "30s" },
      poll: { ...duration, default: "10s" },
    }),
    audit: record({ intervalSeconds: { ...number(1, 86_400), default: 60 } }),
    log: record({
      level: { enum: logLevels, description: logLevels.join(", "), default: "info" },
    }),
  });
}

export const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;

const mebibyte = 1024 * 1024;

const record = (properties: Record<string, object>) => ({
  type: "object",
  properties,
  additionalProperties: false,
  default: {},
  description: "a map of fields",
});

const number = (minimum: number, maximum: number) => ({
  type: "number",
  minimum,
  maximum,
  description: `a number between ${minimum} and ${maximum}`,
});

const integer = (minimum: number, maximum: number) => ({
  type: "integer",
  minimum,
  maximum,
  description: `a whole number between ${minimum} and ${maximum}`,
});

// 0 means "any free port"; tests use it.
const port = integer(0, 65_535);

const text = { type: "string", minLength: 1, maxLength: 4096, description: "a text that is not empty" };

const name = {
  type: "string",
  pattern: "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$",
  description: "a Kubernetes name: lower-case letters, digits, '-' and '.'",
};

const duration = {
  type: "string",
  pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h))+$",
  description: 'a duration such as "30s", "24h" or "1h30m"',
};
