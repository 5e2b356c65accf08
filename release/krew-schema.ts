/** A plugin manifest as krew reads it: unknown fields are refused (krew: internal/index/validation, pkg/index). */
export const krewSchema = {
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "krew.googlecontainertools.github.com/v1alpha2" },
    kind: { const: "Plugin" },
    metadata: {
      type: "object",
      additionalProperties: false,
      required: ["name"],
      properties: {
        // krew takes more; its naming guide does not. Windows' devices are no names of files.
        name: {
          type: "string",
          pattern: "^[a-z0-9]+(-[a-z0-9]+)*$",
          not: { pattern: "^(con|prn|aux|nul|com[0-9]|lpt[0-9])$" },
        },
      },
    },
    spec: {
      type: "object",
      additionalProperties: false,
      required: ["version", "homepage", "shortDescription", "description", "platforms"],
      properties: {
        version: {
          type: "string",
          pattern: "^v(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?$",
        },
        homepage: { type: "string", pattern: "^https://" },
        // "kubectl krew search" shows it in one line beside the name.
        shortDescription: { type: "string", minLength: 1, maxLength: 50, pattern: "^[^\\n]+$" },
        description: { type: "string", minLength: 1 },
        caveats: { type: "string", minLength: 1 },
        platforms: { type: "array", minItems: 1, items: { $ref: "#/$defs/platform" } },
      },
    },
  },
  $defs: {
    platform: {
      type: "object",
      additionalProperties: false,
      required: ["uri", "sha256", "bin", "selector"],
      properties: {
        uri: { type: "string", pattern: "^https?://.+\\.(tar\\.gz|zip)$" },
        sha256: { type: "string", pattern: "^[a-f0-9]{64}$" },
        bin: { type: "string", minLength: 1 },
        files: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["from", "to"],
            properties: {
              from: { type: "string", minLength: 1 },
              to: { type: "string", minLength: 1 },
            },
          },
        },
        selector: { $ref: "#/$defs/selector" },
      },
    },
    selector: {
      type: "object",
      additionalProperties: false,
      minProperties: 1,
      properties: {
        matchLabels: {
          type: "object",
          additionalProperties: false,
          minProperties: 1,
          properties: { os: { type: "string" }, arch: { type: "string" } },
        },
        matchExpressions: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["key", "operator"],
            properties: {
              key: { enum: ["os", "arch"] },
              operator: { enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
              values: { type: "array", items: { type: "string" } },
            },
          },
        },
      },
    },
  },
} as const;
