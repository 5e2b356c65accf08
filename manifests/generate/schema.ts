import { rules } from "../../trust/rules/index.ts";
import { configSchema } from "../../webhook/config-schema.ts";

type Schema = Readonly<Record<string, unknown>>;

/** What each value of the chart may be, as JSON Schema (draft 7, which every Helm reads). */
export function valuesSchema(): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Values of chart linkerd-certs",
    ...record(values),
    // Helm hands a chart's values to its parts too, and "global" to all.
    properties: { ...values, global: { type: "object" } },
  };
}

// The guard's own fields, as the guard reads them.
const fields = (configSchema(rules.map(({ id }) => id)) as Nested).properties;
const section = (name: string) => (fields[name] as Nested).properties;
const pick = (name: string, ...keys: readonly string[]): Schema =>
  Object.fromEntries(keys.map((key) => [key, section(name)[key]]));

interface Nested {
  readonly properties: Readonly<Record<string, object>>;
}

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const map: Schema = { type: "object" };
const texts: Schema = { type: "object", additionalProperties: { type: "string" } };
const list: Schema = { type: "array" };
const objects: Schema = { type: "array", items: { type: "object" } };
const words: Schema = { type: "array", items: { type: "string" } };
const whole = (minimum: number, maximum: number): Schema => ({ type: "integer", minimum, maximum });
const one = (...options: readonly string[]): Schema => ({ enum: options });
const share: Schema = { type: ["integer", "string"], pattern: "^[0-9]+%?$" };
const hours: Schema = { type: "number", minimum: 0 };
// As Go reads one, and so cert-manager: no days.
const goDuration: Schema = { type: "string", pattern: "^([0-9]+(ms|s|m|h))+$" };
// As Prometheus reads one: the larger unit first.
const prometheusDuration: Schema = {
  type: "string",
  pattern: "^([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
  minLength: 2,
};
const maybeName: Schema = { type: "string", pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$", maxLength: 63 };
const port = whole(1, 65_535);

function record(properties: Schema): Schema {
  return { type: "object", properties, additionalProperties: false };
}

const values: Schema = {
  linkerdNamespace: fields["linkerdNamespace"],
  rules: fields["rules"],
  thresholds: fields["thresholds"],
  audit: fields["audit"],
  log: fields["log"],
  server: record({ port, metricsPort: port, ...pick("server", "drainSeconds") }),

  webhook: record({
    failurePolicy: one("Fail", "Ignore"),
    timeoutSeconds: whole(1, 30),
    annotations: texts,
    caBundle: { type: "string", pattern: "^[A-Za-z0-9+/=]*$" },
  }),
  policy: record({
    enabled: flag,
    validationActions: { type: "array", items: one("Deny", "Warn", "Audit"), minItems: 1, uniqueItems: true },
  }),
  certificate: record({
    mode: one("self-managed", "cert-manager", "files"),
    secretName: maybeName,
    ...pick("certificate", "leafLifetime", "authorityLifetime"),
    certManager: record({
      issuerRef: record({ name: text, kind: text, group: text }),
      duration: goDuration,
    }),
  }),

  replicas: whole(0, 100),
  image: record({
    repository: { type: "string", minLength: 1 },
    tag: text,
    digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
    pullPolicy: one("IfNotPresent", "Always", "Never"),
  }),
  imagePullSecrets: objects,
  resources: map,
  podAntiAffinity: one("soft", "hard", "none"),
  zoneSpread: flag,
  affinity: map,
  topologySpreadConstraints: objects,
  nodeSelector: texts,
  tolerations: objects,
  priorityClassName: text,
  runtimeClassName: text,
  hostNetwork: flag,
  terminationGracePeriodSeconds: whole(6, 3600),
  podSecurityContext: map,
  securityContext: map,
  strategy: map,
  revisionHistoryLimit: whole(0, 100),
  deploymentAnnotations: texts,
  podAnnotations: texts,
  podLabels: texts,
  extraArgs: words,
  extraEnv: objects,
  extraVolumes: objects,
  extraVolumeMounts: objects,
  podDisruptionBudget: record({ enabled: flag, maxUnavailable: share }),

  serviceAccount: record({ create: flag, name: maybeName, annotations: texts }),
  rbac: record({ create: flag }),
  service: record({ port, annotations: texts }),
  networkPolicy: record({ enabled: flag, apiServerPorts: { type: "array", items: port, minItems: 1 } }),

  monitoring: record({
    serviceMonitor: record({
      enabled: flag,
      interval: prometheusDuration,
      labels: texts,
      annotations: texts,
      relabelings: objects,
      metricRelabelings: objects,
    }),
    prometheusRule: record({
      enabled: flag,
      labels: texts,
      annotations: texts,
      issuerCriticalHours: hours,
      anchorWarningDays: hours,
      anchorCriticalDays: hours,
      servingCriticalHours: hours,
      alertLabels: texts,
      disabled: words,
      runbookUrl: text,
      additionalRules: objects,
    }),
    dashboard: record({ enabled: flag, labels: texts, annotations: texts, namespace: maybeName }),
  }),

  createNamespace: flag,
  nameOverride: maybeName,
  fullnameOverride: maybeName,
  commonLabels: texts,
  extraObjects: list,
};
