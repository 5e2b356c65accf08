import type { Observation } from "./observation.ts";

export const renewalsReady: Observation = {
  id: "renewals-ready",
  group: "issuer",
  severity: "warn",
  summary: "cert-manager's Certificates for Linkerd are ready",
  breaks: "What cert-manager should renew ends without a successor.",
  remedy: "See why with: cmctl status certificate.",

  look({ renewals }) {
    if (renewals.length === 0) return undefined;
    return renewals.filter(({ ready }) => !ready).map(({ what }) => `${what} is not ready`);
  },
};
