import { distinct, sameAnchor } from "../judgements.ts";
import { few, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// `linkerd upgrade` and `helm upgrade` write the ConfigMap anew from the values they stored,
// whatever the live bundle has become since.
export default defineRule({
  id: "bundle-agrees-with-config",
  severity: "warn",
  summary: "linkerd-config holds the same anchors as the trust bundle",
  breaks: "The next upgrade brings the stored anchors back, and drops those added since.",
  remedy: "Bring identityTrustAnchorsPEM in the install's values in line with the trust bundle.",
  needs: ["bundle", "install"],

  check({ bundle, install }) {
    if (install.anchors === undefined) return [];
    const live = distinct(bundle.anchors);
    const stored = distinct(install.anchors.anchors);
    const lacks = live.filter((one) => !stored.some((other) => sameAnchor(one, other)));
    const brings = stored.filter((one) => !live.some((other) => sameAnchor(one, other)));
    return [
      ...(lacks.length === 0
        ? []
        : [`the next upgrade would drop anchor ${few(lacks.map(named))}: linkerd-config lacks it`]),
      ...(brings.length === 0
        ? []
        : [`the next upgrade would bring anchor ${few(brings.map(named))} back from linkerd-config`]),
    ];
  },
});
