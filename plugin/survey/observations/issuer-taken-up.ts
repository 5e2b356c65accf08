import type { Observation } from "./observation.ts";

// Identity may skip an issuer, or miss that it changed (linkerd2#15109), and goes on with the old one
// until that ends: the outage comes days later.
export const issuerTakenUp: Observation = {
  id: "issuer-taken-up",
  group: "issuer",
  severity: "deny",
  summary: "identity signs with the issuer that is in the Secret",
  breaks: "Identity goes on with the older issuer until that ends, and the outage comes days later.",
  remedy: "Restart deploy/linkerd-identity once the issuer chains to an anchor of the trust bundle.",

  note: ({ evidence }) => evidence,

  look(_survey, { state, sentence, evidence }) {
    if (state === "secret") return [];
    if (state === "unknown") return evidence;
    return [{ message: sentence, detail: evidence, ...(state === "missed" ? { severity: "warn" } : {}) }];
  },
};
