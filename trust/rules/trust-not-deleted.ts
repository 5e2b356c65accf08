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
  needs: ["previous", "trustRoots", "issuerSecret"],

  check({ trustRoots, issuerSecret, previous, mesh, terminating }) {
    if (terminating) return [];
    const gone: [string, "trust-roots" | "issuer"][] = [];
    if (!trustRoots.present && previous.trustRoots?.present === true) {
      gone.push(["ConfigMap linkerd-identity-trust-roots", "trust-roots"]);
    }
    if (!issuerSecret.present && previous.issuerSecret?.present === true) {
      gone.push(["Secret linkerd-identity-issuer", "issuer"]);
    }
    return gone.map(([what, about]): Found => {
      // Deleting is never urgent, so where it cannot be seen who depends on it, it can wait.
      if (mesh === undefined)
        return {
          message: `${what} would be deleted, and whether proxies depend on it cannot be seen`,
          about,
        };
      if (mesh.proxies > 0) return { message: `${what} would be deleted while proxies depend on it`, about };
      return { message: `${what} is deleted; Linkerd does not start without it`, severity: "warn", about };
    });
  },
});
