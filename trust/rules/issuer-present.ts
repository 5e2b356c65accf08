import { layouts } from "../gather/issuer-secret.ts";
import { dependedOn } from "../judgements.ts";
import { few } from "../naming.ts";
import { defineRule } from "../rule.ts";

const nothing = "there is no issuer in Secret linkerd-identity-issuer";

// cert-manager and others make the Secret first and fill it later, so a new Secret without a
// certificate is the same finding as no Secret, and no write introduces it.
export default defineRule({
  id: "issuer-present",
  severity: "deny",
  summary: "the issuer's certificate and key are there",
  breaks: "Identity does not start; a running one goes on with the issuer it had until that expires.",
  remedy: "Put the issuer's certificate and key into Secret linkerd-identity-issuer.",
  needs: ["issuerSecret"],
  malformed: "issuer",

  check(facts) {
    const { issuerSecret: secret, previous } = facts;
    if (!secret.present) {
      // That it goes away in this write is for trust-not-deleted to judge.
      if (previous?.issuerSecret?.present === true) return [];
      return [dependedOn(facts) ? nothing : { message: nothing, severity: "warn" }];
    }
    if (secret.scheme !== undefined) {
      const { key } = layouts[secret.scheme];
      return secret.keys.includes(key) ? [] : [`the issuer's private key is missing: ${key} is empty`];
    }
    return [
      {
        message: nothing,
        detail: `it holds ${secret.keys.length === 0 ? "nothing" : few(secret.keys)}`,
      },
    ];
  },
});
