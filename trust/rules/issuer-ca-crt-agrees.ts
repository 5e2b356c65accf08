import { sameAnchor } from "../judgements.ts";
import { few, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// `linkerd check` takes the anchors from here for scheme kubernetes.io/tls, and not from the bundle.
export default defineRule({
  id: "issuer-ca-crt-agrees",
  severity: "warn",
  summary: "ca.crt in the issuer's Secret is in the trust bundle",
  breaks: "`linkerd check` and `linkerd install` read other anchors than the mesh uses.",
  remedy: "Nothing in the mesh reads it; bring it in line, or renew the issuer so that its maker does.",
  needs: ["issuerSecret", "bundle"],

  check({ issuerSecret: { caCrt }, bundle }) {
    const strangers = (caCrt?.anchors ?? []).filter(
      (one) => !bundle.anchors.some((anchor) => sameAnchor(anchor, one)),
    );
    return strangers.length === 0
      ? []
      : [`ca.crt holds ${few(strangers.map(named))}, which the trust bundle lacks`];
  },
});
