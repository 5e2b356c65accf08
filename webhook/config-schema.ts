/**
 * What a configuration file may hold, as JSON Schema. Every field has a
 * default, and none of the defaults is a key or a password. `title` says what a
 * field is for, `description` ends the sentence "<field>: must be …".
 */
export function configSchema(ruleIds: readonly string[]): object {
  const severity = {
    title: "what is said of a rule's finding: it denies the write, or warns, or is not asked for",
    enum: ["deny", "warn", "off"],
    description: "deny, warn or off",
  };
  return record({
    linkerdNamespace: { title: "where Linkerd's control plane is", ...name, default: "linkerd" },
    rules: record(Object.fromEntries(ruleIds.map((id) => [id, severity]))),
    thresholds: record({
      remainingShare: {
        title: "an end is soon when less than this share of the lifetime is left",
        ...number(0, 1),
        default: 0.2,
      },
      ceilingDays: {
        title: "but never earlier than so many days before it",
        ...number(0, 3650),
        default: 60,
      },
    }),
    server: record({
      port: { title: "HTTPS: POST /validate, and nothing else", ...port, default: 8443 },
      metricsPort: { title: "plain HTTP: /healthz, /readyz and /metrics", ...port, default: 8080 },
      bodyLimitBytes: {
        title: "how large a review may be; two objects of 3 MiB fit the default",
        ...integer(1024, 64 * mebibyte),
        default: 7 * mebibyte,
      },
      requestTimeoutMs: {
        title: "how long a request may take to arrive",
        ...integer(100, 300_000),
        default: 30_000,
      },
      drainSeconds: { title: "how long it goes on serving after SIGTERM", ...number(0, 300), default: 10 },
    }),
    certificate: record({
      mode: {
        title: "whether it makes its certificate itself, or reads it from files that somebody else writes",
        enum: ["self-managed", "files"],
        description: "self-managed or files",
        default: "self-managed",
      },
      directory: {
        title: "where tls.crt and tls.key are, in mode files",
        ...text,
        default: "/etc/linkerd-certs/serving",
      },
      secretName: {
        title: "where its authority and certificate are kept, in mode self-managed",
        ...name,
        default: "linkerd-certs-serving",
      },
      serviceName: { title: "the Service that its certificate names", ...name, default: "linkerd-certs" },
      namespace: { title: "its own", ...name, default: "linkerd-certs" },
      webhookConfigurationName: {
        title: "in which it keeps the caBundle right",
        ...name,
        default: "linkerd-certs",
      },
      leafLifetime: {
        title: "how long the certificate that it serves is valid",
        ...duration,
        default: "24h",
      },
      authorityLifetime: {
        title: "how long the authority that signs it is valid",
        ...duration,
        default: "8760h",
      },
      settle: {
        title: "how long a new authority is published before a certificate is signed by it",
        ...duration,
        default: "30s",
      },
      poll: {
        title: "how often Secret, webhook configuration, files and clock are looked at",
        ...duration,
        default: "10s",
      },
    }),
    audit: record({
      intervalSeconds: {
        title: "how often the live objects are judged; besides, whenever one of them changes",
        ...number(1, 86_400),
        default: 60,
      },
    }),
    log: record({
      level: {
        title: "from which level on it logs; none prints what is in an object",
        enum: logLevels,
        description: logLevels.join(", "),
        default: "info",
      },
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
