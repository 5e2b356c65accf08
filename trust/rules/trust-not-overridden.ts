import type { TrustRoots } from "../facts.ts";
import { allowAnnotation } from "../override.ts";
import { defineRule, type FoundMore } from "../rule.ts";

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
      ...standing("trust-roots", "ConfigMap linkerd-identity-trust-roots", trustRoots.override),
      ...standing("issuer", "Secret linkerd-identity-issuer", issuerSecret.override),
    ];
  },
});

function standing(
  about: "trust-roots" | "issuer",
  object: string,
  override: TrustRoots["override"],
): FoundMore[] {
  if (override === undefined) return [];
  return [{ message: `${object} lets these rules pass: ${override.rules.join(", ")}`, about }];
}
