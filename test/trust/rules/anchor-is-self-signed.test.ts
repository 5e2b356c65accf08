import rule from "../../../trust/rules/anchor-is-self-signed.ts";
import { anchor, issuer } from "../../certificates/index.ts";
import { called, facts, healthyIssuer, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const underCompanyRoot = issuer(anchor("company root"), { name: "linkerd root" });

testRule(rule, {
  passes: {
    "a root": facts(),
    "two roots of one name": facts({ bundle: [root, anchor("root.linkerd.cluster.local")] }),
  },
  finds: {
    "the issuer itself was put into the bundle": [
      facts({ bundle: [root, healthyIssuer] }),
      `anchor ${called(healthyIssuer)} is not self-signed`,
    ],
    "a company's intermediate is meant as the mesh's anchor, and stands there twice": [
      facts({ bundle: [underCompanyRoot, underCompanyRoot] }),
      `anchor ${called(underCompanyRoot)} is not self-signed`,
    ],
  },
  notAsked: {
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
