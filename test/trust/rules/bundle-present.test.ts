import rule from "../../../trust/rules/bundle-present.ts";
import { bundle, pemBlock } from "../../certificates/index.ts";
import { change, emptyMesh, facts, root, unseen } from "../facts.ts";
import { trustRoots } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const notThere = "ConfigMap linkerd-identity-trust-roots is not there";
const { data: _, ...keyless } = trustRoots([root]);
const base64 = Buffer.from(bundle(root)).toString("base64");

testRule(rule, {
  passes: {
    "one anchor": facts(),
    "many anchors": facts({ bundle: Array(20).fill(root) }),
    "a text that Linkerd refuses is for bundle-reads-whole to report": facts({ bundle: `${bundle(root)}\n` }),
    "a first block that hides all the others is for bundle-reads-whole, too": facts({
      bundle: pemBlock("TRUSTED CERTIFICATE", root.der) + bundle(root),
    }),
    "that it is deleted is for trust-not-deleted to judge": change({}, { bundle: undefined }),
    "the namespace is going away, and the ConfigMap has gone": change(
      { terminating: true },
      { bundle: undefined },
    ),
  },
  finds: {
    "no ConfigMap, and proxies run": [facts({ bundle: undefined }), notThere],
    "no ConfigMap yet, as every install begins": [
      facts({ bundle: undefined, mesh: emptyMesh }),
      { message: notThere, severity: "warn" },
    ],
    "no ConfigMap, and nobody could look at the mesh": [
      facts({ bundle: undefined, mesh: unseen }),
      { message: notThere, severity: "warn" },
    ],
    "a ConfigMap without the key": [facts({ bundle: keyless }), "the trust bundle has no key ca-bundle.crt"],
    "the key in capitals": [
      facts({ bundle: { ...keyless, data: { "CA-BUNDLE.CRT": bundle(root) } } }),
      "the trust bundle has no key ca-bundle.crt",
    ],
    "the bundle under binaryData, where configMapKeyRef does not look": [
      facts({ bundle: { ...keyless, binaryData: { "ca-bundle.crt": base64 } } }),
      "the trust bundle stands under binaryData, where proxies cannot read it; it belongs under data",
    ],
    "an empty bundle, as trust-manager leaves it when its target moves": [
      facts({ bundle: "" }),
      "the trust bundle is empty",
    ],
    "nothing but white space": [facts({ bundle: " \n\t\n" }), "the trust bundle is empty"],
  },
  notAsked: {
    "where the ConfigMap cannot be read": facts({ bundle: unseen }),
  },
});
