import type { TrustRoots } from "../facts.ts";
import { allowAnnotation } from "../override.ts";
import { defineRule } from "../rule.ts";

// Break-glass is for one write. Left in place it lets the next mistake pass too.
export default defineRule({
  id: "trust-not-overridden",
  severity: "warn",
  summary: "no break-glass annotation stands on either object",
  breaks: "Writes that the named rules would refuse pass unseen.",
  remedy: `Take annotation ${allowAnnotation} off once the write it was for is done.`,
  needs: ["trustRoots", "issuerSecret"],

  check({ trustRoots, issuerSecret }) {
    return [
      ...standing("ConfigMap linkerd-identity-trust-roots", trustRoots.override),
      ...standing("Secret linkerd-identity-issuer", issuerSecret.override),
    ];
  },
});

function standing(object: string, override: TrustRoots["override"]): string[] {
  return override === undefined ? [] : [`${object} lets these rules pass: ${override.rules.join(", ")}`];
}
