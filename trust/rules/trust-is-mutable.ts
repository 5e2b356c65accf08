import { defineRule, type FoundMore } from "../rule.ts";

// An immutable object cannot be rotated, and deleting it to make it anew is an outage of its own.
export default defineRule({
  id: "trust-is-mutable",
  severity: "deny",
  summary: "neither object is immutable",
  breaks: "No rotation and no renewal can be written any more, until the object is deleted and made anew.",
  remedy:
    "Leave immutable out; where it is set already, allow trust-not-deleted on the object, then replace it.",
  needs: ["trustRoots", "issuerSecret"],

  check({ trustRoots, issuerSecret }) {
    const found: FoundMore[] = [];
    if (trustRoots.immutable) {
      found.push({ message: "ConfigMap linkerd-identity-trust-roots is immutable", about: "trust-roots" });
    }
    if (issuerSecret.immutable) {
      found.push({ message: "Secret linkerd-identity-issuer is immutable", about: "issuer" });
    }
    return found;
  },
});
