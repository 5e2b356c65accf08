import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// Identity asks for IsCA itself (linkerd2 pkg/identity/service.go); webpki refuses leaves under anything else.
export default defineRule({
  id: "issuer-is-ca",
  severity: "deny",
  summary: "the issuer is a certificate authority that may sign leaves",
  breaks: 'Identity refuses it: "it must be an intermediate-CA, but it is not".',
  remedy:
    "Issue it with basicConstraints CA:TRUE and keyUsage keyCertSign (step: --profile intermediate-ca).",
  needs: ["issuer"],

  check({ issuer: { certificate } }) {
    const { basicConstraints, keyUsage } = certificate;
    if (basicConstraints?.ca !== true) return [`issuer ${named(certificate)} is not a certificate authority`];
    if (keyUsage !== undefined && !keyUsage.includes("certSign")) {
      return [`issuer ${named(certificate)} may not sign certificates: keyUsage lacks keyCertSign`];
    }
    return [];
  },
});
