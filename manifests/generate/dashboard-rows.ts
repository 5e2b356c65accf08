import { guard, m, type Panel, type Query, rate, sinceNothing, webhooks } from "./dashboard-panel.ts";

const day = 86_400;
const untilTheEnd: Panel["steps"] = [
  ["red", null],
  ["yellow", day],
  ["green", 7 * day],
];
const oneIsWell: Panel["steps"] = [
  ["red", null],
  ["green", 1],
];

/** What the dashboard shows, row by row. */
export const dashboardRows: Readonly<Record<string, readonly Panel[]>> = {
  "Linkerd's trust": [
    {
      title: "The issuer ends in",
      type: "stat",
      unit: "s",
      queries: [[`min(${m("issuer_not_after_timestamp_seconds")}) - time()`, "issuer"]],
      steps: untilTheEnd,
    },
    {
      title: "The issuer chains to an anchor",
      type: "stat",
      unit: "none",
      queries: [[`min(${m("issuer_chains_to_bundle")})`, "issuer"]],
      steps: oneIsWell,
      words: { "0": "no", "1": "yes" },
    },
    {
      title: "Anchors end in",
      type: "stat",
      unit: "s",
      queries: [
        // Eight letters of it, as everywhere else: all of them fit in no panel.
        [
          `min by (anchor) (label_replace(${m("trust_root_not_after_timestamp_seconds")}, "anchor", "$1", "fingerprint", "(.{8}).*")) - time()`,
          "{{anchor}}",
        ],
      ],
      steps: [
        ["red", null],
        ["yellow", 14 * day],
        ["green", 60 * day],
      ],
    },
    {
      title: "Rules that the live trust breaks",
      description: "What the audit found last; kubectl linkerd-certs check says how.",
      type: "timeseries",
      unit: "none",
      queries: [[`max by (rule) (${m("audit_findings")}) > 0`, "{{rule}}"]],
    },
  ],
  Writes: [
    {
      title: "Answers",
      type: "timeseries",
      unit: "reqps",
      queries: [[`sum by (decision) (${rate(m("admission_requests_total"))})`, "{{decision}}"]],
    },
    {
      title: "Refused, by rule",
      type: "timeseries",
      unit: "none",
      queries: [
        [`sum by (rule) (increase(${m("admission_denials_total")}[$__rate_interval])) > 0`, "{{rule}}"],
      ],
    },
    {
      title: "Overridden, and what was no review",
      type: "timeseries",
      unit: "none",
      queries: [
        [`sum(increase(${m("admission_breakglass_total")}[$__rate_interval]))`, "overridden"],
        [
          `sum by (reason) (increase(${m("admission_malformed_requests_total")}[$__rate_interval])) > 0`,
          "no review: {{reason}}",
        ],
        [`sum(increase(${m("tls_handshake_errors_total")}[$__rate_interval]))`, "failed handshakes"],
      ],
    },
    {
      title: "Not answered, as the API server counts",
      type: "timeseries",
      unit: "none",
      queries: [
        [
          `sum by (name) (${sinceNothing(`apiserver_admission_webhook_rejection_count{${webhooks},error_type="calling_webhook_error"}`)})`,
          "{{name}}: refused",
        ],
        [
          `sum by (name) (${sinceNothing(`apiserver_admission_webhook_fail_open_count{${webhooks}}`)})`,
          "{{name}}: passed unread",
        ],
      ],
    },
  ],
  "How fast": [
    {
      title: "From question to answer, in the guard",
      type: "timeseries",
      unit: "s",
      queries: ["0.5", "0.99"].map(
        (q): Query => [
          `histogram_quantile(${q}, sum by (le) (${rate(m("admission_duration_seconds_bucket"))}))`,
          `p${Number(q) * 100}`,
        ],
      ),
    },
    {
      title: "The same, as the API server waits",
      type: "timeseries",
      unit: "s",
      queries: [
        [
          `histogram_quantile(0.99, sum by (name, le) (${rate(`apiserver_admission_webhook_admission_duration_seconds_bucket{${webhooks}}`)}))`,
          "{{name}}",
        ],
      ],
    },
    {
      title: "Being answered",
      type: "timeseries",
      unit: "none",
      queries: [[m("admission_requests_in_flight"), "{{pod}}"]],
    },
  ],
  "The guard itself": [
    {
      title: "Pods",
      type: "stat",
      unit: "none",
      queries: [[`count by (version) (${m("build_info")})`, "{{version}}"]],
      steps: [
        ["red", null],
        ["yellow", 1],
        ["green", 2],
      ],
    },
    {
      title: "The API server trusts its certificate",
      type: "stat",
      unit: "none",
      queries: [[`min(${m("cabundle_in_sync")})`, "caBundle"]],
      steps: oneIsWell,
      words: { "0": "no", "1": "yes" },
    },
    {
      title: "Its certificate ends in",
      type: "timeseries",
      unit: "s",
      queries: [[`${m("serving_certificate_not_after_timestamp_seconds")} - time()`, "{{pod}}"]],
    },
    {
      title: "Changes of its certificate",
      type: "timeseries",
      unit: "none",
      queries: [
        [
          `sum by (result) (increase(${m("serving_certificate_rotations_total")}[$__rate_interval]))`,
          "{{result}}",
        ],
      ],
    },
    {
      title: "Last heard of, and last judged",
      type: "timeseries",
      unit: "s",
      queries: [
        [`time() - ${m("watch_last_event_timestamp_seconds")}`, "{{pod}} {{object}}"],
        [`time() - ${m("audit_last_success_timestamp_seconds")}`, "{{pod}} audit"],
      ],
    },
    {
      title: "Watches that broke",
      type: "timeseries",
      unit: "none",
      queries: [[`sum by (object) (increase(${m("watch_restarts_total")}[$__rate_interval]))`, "{{object}}"]],
    },
    {
      title: "Memory",
      type: "timeseries",
      unit: "bytes",
      queries: [[`process_resident_memory_bytes{${guard}} and on (pod) ${m("build_info")}`, "{{pod}}"]],
    },
    {
      title: "Processor",
      type: "timeseries",
      unit: "percentunit",
      queries: [
        [`${rate(`process_cpu_seconds_total{${guard}}`)} and on (pod) ${m("build_info")}`, "{{pod}}"],
      ],
    },
  ],
};
