import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "issuer-allows-trust-domain",
  severity: "deny",
  summary: "the issuer's name constraints permit the mesh's identities",
  breaks: "Proxies refuse every leaf that it signs.",
  remedy: "Issue it with a name constraint that permits the trust domain, or with none.",
  needs: ["issuer", "bundle"],

  check({ issuer: { certificate, byProxies, byProxiesNamed } }) {
    if (byProxies?.ok !== true || byProxiesNamed === undefined || byProxiesNamed.ok) return [];
    return [
      {
        message: `issuer ${named(certificate)} may not sign the identities of this mesh`,
        detail: byProxiesNamed.reason ?? "a name constraint forbids them",
      },
    ];
  },
});
