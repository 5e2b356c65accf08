import { defineRule, type Found } from "../rule.ts";

// Helm deletes the object when externalCA or the scheme flips, and trust-manager when the namespace
// loses its label. A namespace that is going away takes its objects with it, and is let through.
export default defineRule({
  id: "trust-not-deleted",
  severity: "deny",
  summary: "neither object is deleted while proxies depend on it",
  breaks:
    "No pod of the mesh starts or is injected any more; running ones lose their certificates within a day.",
  remedy:
    "Write a new one over it instead; to renew an issuer, ask its maker (cmctl renew linkerd-identity-issuer).",
  needs: ["previous", "trustRoots", "issuerSecret", "mesh"],

  check(facts) {
    const { trustRoots, issuerSecret, previous, mesh } = facts;
    if (facts.terminating) return [];
    const gone: string[] = [];
    if (!trustRoots.present && previous.trustRoots?.present === true)
      gone.push("ConfigMap linkerd-identity-trust-roots");
    if (!issuerSecret.present && previous.issuerSecret?.present === true)
      gone.push("Secret linkerd-identity-issuer");
    return gone.map((what): Found => {
      if (mesh.proxies > 0) return `${what} would be deleted while proxies depend on it`;
      return { message: `${what} is deleted; Linkerd does not start without it`, severity: "warn" };
    });
  },
});
