import rule from "../../../trust/rules/bundle-agrees-with-config.ts";
import { after, anchor, bundle, type Minted, year } from "../../certificates/index.ts";
import { called, facts, root, unseen } from "../facts.ts";
import { linkerdConfig } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const next = anchor("next");
const more = ["a", "b", "c", "d"].map((name) => anchor(name));
const holding = (...anchors: Minted[]) =>
  linkerdConfig({ identityTrustAnchorsPEM: bundle(...anchors), identity: { externalCA: false } });
const renewed = anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(3 * year) });

testRule(rule, {
  passes: {
    "both hold the same anchor": facts({ config: holding(root) }),
    "in another order": facts({ bundle: [root, next], config: holding(next, root) }),
    "one holds the other's renewal": facts({ config: holding(renewed) }),
    "the anchors come from outside (externalCA)": facts({ config: linkerdConfig() }),
    "values are left over from before externalCA": facts({
      config: linkerdConfig({ identityTrustAnchorsPEM: bundle(next), identity: { externalCA: true } }),
    }),
  },
  finds: {
    "an anchor was added past the values": [
      facts({ bundle: [root, next], config: holding(root) }),
      `the next upgrade would drop anchor ${called(next)}: linkerd-config lacks it`,
    ],
    "the values still hold the anchor that was rotated away": [
      facts({ bundle: [next], config: holding(next, root) }),
      `the next upgrade would bring anchor ${called(root)} back from linkerd-config`,
    ],
    "nothing in common, and each twice": [
      facts({ bundle: [next, next], config: holding(root, root) }),
      `the next upgrade would bring anchor ${called(root)} back from linkerd-config`,
      `the next upgrade would drop anchor ${called(next)}: linkerd-config lacks it`,
    ],
    "many added": [
      facts({ bundle: [root, ...more], config: holding(root) }),
      `the next upgrade would drop anchor ${more.slice(0, 3).map(called).join(", ")} and 1 more: linkerd-config lacks it`,
    ],
  },
  notAsked: {
    "where linkerd-config cannot be read": facts({ config: unseen }),
    "where there is no bundle": facts({ bundle: "" }),
  },
});
