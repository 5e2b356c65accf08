// https://github.com/linkerd/linkerd2/issues/13613: the bundle was rotated, and nothing was restarted.
import rule from "../../../trust/rules/proxies-fresh.ts";
import { after, anchor, bundle, day } from "../../certificates/index.ts";
import { called, facts, root, unseen } from "../facts.ts";
import { pod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const next = anchor("next root");
const renewed = anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(400 * day) });
const short = root.fingerprint.slice(0, 8);
const old = pod({ bundle: [root] });
const job = pod({ bundle: [root], owner: ["job", "report"], namespace: "books" });

testRule(rule, {
  passes: {
    "every proxy holds the bundle": facts(),
    "in another order and with Windows line ends": facts({
      bundle: [root, next],
      mesh: [pod({ bundle: bundle(next, root).replaceAll("\n", "\r\n") })],
    }),
    "the anchor was renewed with the same key": facts({ bundle: [renewed], mesh: [old] }),
    "proxies hold more than the bundle": facts({ mesh: [pod({ bundle: [root, next] })] }),
    "no proxy runs": facts({ mesh: [] }),
  },
  finds: {
    "an anchor was added since": [
      facts({ bundle: [root, next, next], mesh: [old, job, pod({ bundle: [next, root] })] }),
      {
        message: `proxies that hold bundle ${short} lack anchor ${called(next)}`,
        detail: "books/job/report, emojivoto/deploy/web",
      },
    ],
    "a proxy holds nothing that can be read": [
      facts({ mesh: [pod({ bundle: "garbage" })] }),
      `proxies that hold bundle none lack anchor ${called(root)}`,
    ],
  },
  notAsked: {
    "where the mesh cannot be seen": facts({ mesh: unseen }),
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
