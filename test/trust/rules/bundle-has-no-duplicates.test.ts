import rule from "../../../trust/rules/bundle-has-no-duplicates.ts";
import { after, anchor, bundle, year } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const other = anchor("other");

testRule(rule, {
  passes: {
    "two anchors": facts({ bundle: [root, other] }),
    "an anchor and its renewal have one key, and are two certificates": facts({
      bundle: [root, anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(2 * year) })],
    }),
    "two anchors of one name": facts({ bundle: [root, anchor("root.linkerd.cluster.local")] }),
  },
  finds: {
    "one twice": [
      facts({ bundle: [root, other, root] }),
      `anchor ${called(root)} stands in the trust bundle 2 times`,
    ],
    "one three times, in different clothes": [
      facts({ bundle: bundle(root) + bundle(root).replaceAll("\n", "\r\n") + bundle(root) }),
      `anchor ${called(root)} stands in the trust bundle 3 times`,
    ],
    "two of them twice": [
      facts({ bundle: [root, other, other, root] }),
      ...[root, other].map((one) => `anchor ${called(one)} stands in the trust bundle 2 times`).sort(),
    ],
  },
  notAsked: {
    "where identity would refuse the text": facts({ bundle: `${bundle(root, root)}\n` }),
  },
});
