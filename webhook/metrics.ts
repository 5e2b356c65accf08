import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What a review is about, as the core calls it. */
const subjects = ["trust-roots", "issuer", "other"] as const;
const watchedObjects = ["trust-roots", "issuer", "mesh"] as const;
const operations = ["CREATE", "UPDATE", "DELETE"] as const;
const decisions = ["allow", "warn", "deny", "error"] as const;
const malformations = [
  "content_type",
  "too_large",
  "busy",
  "aborted",
  "not_json",
  "not_a_review",
  "wrong_kind",
] as const;

export interface Decision {
  readonly object: (typeof subjects)[number];
  readonly operation: (typeof operations)[number];
  readonly decision: (typeof decisions)[number];
  readonly dryRun: boolean;
  readonly seconds: number;
}

export type Malformation = (typeof malformations)[number];
export type WatchedObject = (typeof watchedObjects)[number];

/** What the guard tells Prometheus. No label holds a name, a user or anything else without a bound. */
export interface Metrics {
  decision(decision: Decision): void;
  /** A request that was no review; see malformations. */
  malformed(reason: Malformation): void;
  denied(rule: string): void;
  breakGlass(): void;
  inFlight(change: 1 | -1): void;
  handshakeFailed(): void;
  /** The audit's findings by rule, in place of those before; a rule that is not named has none. */
  findings(counts: Readonly<Record<string, number>>): void;
  auditDone(at: Date): void;
  /** In place of the anchors before. */
  anchorExpiry(anchors: readonly { readonly fingerprint: string; readonly notAfter: Date }[]): void;
  issuerExpiry(notAfter: Date | undefined): void;
  issuerChains(chains: boolean | undefined): void;
  servingExpiry(notAfter: Date | undefined): void;
  servingRotated(result: "success" | "failure"): void;
  caBundleInSync(inSync: boolean): void;
  webhookConfigured(isThere: boolean): void;
  watchHeard(object: WatchedObject, at: Date): void;
  /** It broke, or ended too soon; a watch that ends in its time is followed by the next and not counted. */
  watchBroke(object: WatchedObject): void;
  /** The exposition format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** What this guard was built of, as far as it is known. */
export interface Build {
  readonly version?: string | undefined;
  readonly commit?: string | undefined;
}

// A bundle of more anchors than this is a mistake, and its series would be too.
const mostAnchors = 16;

/** Creates the metrics, every label value at 0, so that the first denial is an increase. */
export function createMetrics(ruleIds: readonly string[], build: Build = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const named = (name: string, help: string) => ({ name: `linkerd_certs_${name}`, help, registers });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ ...named(name, help), labelNames });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ ...named(name, help), labelNames });

  const requests = counter("admission_requests_total", "Reviews answered.", [
    "object",
    "operation",
    "decision",
    "dry_run",
  ]);
  const malformed = counter("admission_malformed_requests_total", "Requests that were no review.", [
    "reason",
  ]);
  const denials = counter("admission_denials_total", "Denials by rule.", ["rule"]);
  const breakGlass = counter("admission_breakglass_total", "Writes let through by an annotation.");
  const inFlight = gauge("admission_requests_in_flight", "Requests being answered.");
  const handshakes = counter("tls_handshake_errors_total", "Connections that failed before a request.");
  const duration = new Histogram({
    ...named("admission_duration_seconds", "From the first byte of the body to the answer."),
    labelNames: ["object"],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
  });
  const findings = gauge("audit_findings", "What the last audit found, by rule.", ["rule"]);
  const audited = gauge("audit_last_success_timestamp_seconds", "When the last audit ended.");
  const anchors = gauge("trust_root_not_after_timestamp_seconds", "Expiry of the anchors.", ["fingerprint"]);
  const issuer = gauge("issuer_not_after_timestamp_seconds", "Expiry of the issuer; NaN without one.");
  const chains = gauge("issuer_chains_to_bundle", "1 if identity would load the issuer; NaN if unknown.");
  const serving = gauge(
    "serving_certificate_not_after_timestamp_seconds",
    "Expiry of the certificate served; NaN without one.",
  );
  const rotations = counter(
    "serving_certificate_rotations_total",
    "Attempts to change the serving certificate.",
    ["result"],
  );
  const inSync = gauge("cabundle_in_sync", "1 if the live caBundle verifies the certificate served.");
  const configured = gauge(
    "webhook_configured",
    "1 if there is a webhook configuration, so that the guard is asked; NaN if unknown.",
  );
  const seen = gauge("watch_last_event_timestamp_seconds", "When the watch was last heard of.", ["object"]);
  const restarts = counter("watch_restarts_total", "Watches begun anew after they broke.", ["object"]);
  const { version = "unknown", commit = "unknown" } = build;
  gauge("build_info", "Always 1.", ["version", "node", "commit"]).set(
    { version, node: process.version, commit },
    1,
  );

  for (const object of subjects) {
    duration.zero({ object });
    for (const operation of operations) {
      for (const decision of decisions) {
        for (const dry_run of ["false", "true"]) requests.inc({ object, operation, decision, dry_run }, 0);
      }
    }
  }
  for (const reason of malformations) malformed.inc({ reason }, 0);
  for (const rule of ruleIds) {
    denials.inc({ rule }, 0);
    findings.set({ rule }, 0);
  }
  for (const result of ["success", "failure"]) rotations.inc({ result }, 0);
  for (const object of watchedObjects) {
    restarts.inc({ object }, 0);
    seen.set({ object }, Number.NaN);
  }
  for (const unknown of [issuer, chains, serving, configured]) unknown.set(Number.NaN);

  return {
    decision({ object, operation, decision, dryRun, seconds: took }) {
      requests.inc({ object, operation, decision, dry_run: dryRun ? "true" : "false" });
      duration.observe({ object }, took);
    },
    malformed: (reason) => malformed.inc({ reason }),
    denied: (rule) => denials.inc({ rule }),
    breakGlass: () => breakGlass.inc(),
    inFlight: (change) => inFlight.inc(change),
    handshakeFailed: () => handshakes.inc(),
    findings(counts) {
      for (const rule of ruleIds) findings.set({ rule }, counts[rule] ?? 0);
    },
    auditDone: (at) => audited.set(seconds(at)),
    anchorExpiry(present) {
      anchors.reset();
      for (const { fingerprint, notAfter } of present.slice(0, mostAnchors)) {
        anchors.set({ fingerprint }, seconds(notAfter));
      }
    },
    issuerExpiry: (notAfter) => issuer.set(seconds(notAfter)),
    issuerChains: (does) => chains.set(does === undefined ? Number.NaN : Number(does)),
    servingExpiry: (notAfter) => serving.set(seconds(notAfter)),
    servingRotated: (result) => rotations.inc({ result }),
    caBundleInSync: (is) => inSync.set(Number(is)),
    webhookConfigured: (is) => configured.set(Number(is)),
    watchHeard: (object, at) => seen.set({ object }, seconds(at)),
    watchBroke: (object) => restarts.inc({ object }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

const seconds = (date: Date | undefined): number => (date === undefined ? Number.NaN : date.getTime() / 1000);
