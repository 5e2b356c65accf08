// https://github.com/linkerd/linkerd2/issues/7449: linkerd check reads ca.crt, and not the bundle.
import rule from "../../../trust/rules/issuer-ca-crt-agrees.ts";
import { after, anchor, bundle, type Minted, year } from "../../certificates/index.ts";
import { called, facts, healthyIssuer, root, unseen } from "../facts.ts";
import { issuerSecret } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const next = anchor("next root");
const renewed = anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(3 * year) });
const more = ["a", "b", "c", "d"].map((name) => anchor(name));
const withCaCrt = (...anchors: Minted[]) =>
  issuerSecret(healthyIssuer, "kubernetes.io/tls", { "ca.crt": bundle(...anchors) });

testRule(rule, {
  passes: {
    "no ca.crt": facts(),
    "the bundle's anchor": facts({ issuer: withCaCrt(root) }),
    "the renewal of the bundle's anchor": facts({ issuer: withCaCrt(renewed) }),
    "one of the bundle's two": facts({ bundle: [root, next], issuer: withCaCrt(root) }),
    "an empty ca.crt": facts({ issuer: withCaCrt() }),
    "garbage, which nobody in the mesh reads": facts({
      issuer: issuerSecret(healthyIssuer, "kubernetes.io/tls", { "ca.crt": "garbage" }),
    }),
  },
  finds: {
    "an anchor that the bundle lacks": [
      facts({ issuer: withCaCrt(next) }),
      `ca.crt holds ${called(next)}, which the trust bundle lacks`,
    ],
    "one that it has and one that it lacks": [
      facts({ issuer: withCaCrt(root, next) }),
      `ca.crt holds ${called(next)}, which the trust bundle lacks`,
    ],
    many: [
      facts({ issuer: withCaCrt(...more) }),
      `ca.crt holds ${more.slice(0, 3).map(called).join(", ")} and 1 more, which the trust bundle lacks`,
    ],
  },
  notAsked: {
    "where there is no bundle": facts({ bundle: undefined }),
    "where the Secret cannot be read": facts({ issuer: unseen }),
  },
});
