/** The settings file as JSON Schema; what a text must look like is in fitting.ts. */
export const settingsSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    "linkerd-namespace": { type: "string" },
    context: { type: "string" },
    contexts: { type: "array", items: { type: "string" }, minItems: 1 },
    "fail-on": { type: "string" },
    "min-anchor-ttl": { type: ["string", "number"] },
    "min-issuer-ttl": { type: ["string", "number"] },
    output: { type: "string" },
    color: { type: "string" },
    "request-timeout": { type: ["string", "number"] },
    rules: { type: "object", additionalProperties: { enum: ["deny", "warn", "off"] } },
    suppressions: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["rule", "until", "reason"],
        properties: {
          rule: { type: "string" },
          object: { type: "string", pattern: "^[A-Z][A-Za-z]* ([a-z0-9.-]+/)?[a-z0-9.-]+$" },
          fingerprint: { type: "string", pattern: "^[0-9a-f]{8,64}$" },
          until: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}(T.+Z)?$" },
          reason: { type: "string", pattern: "\\S" },
        },
      },
    },
  },
} as const;

/** What an error of the pattern means, by the field. */
export const patternHelp: Readonly<Record<string, string>> = {
  object: 'must be like "Secret linkerd/linkerd-identity-issuer"',
  fingerprint: "must be 8 to 64 hexadecimal digits, in quotes",
  until: "must be a date like 2026-12-31",
  reason: "must say why",
};
