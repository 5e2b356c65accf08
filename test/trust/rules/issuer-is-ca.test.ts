// https://github.com/linkerd/linkerd2/issues/6428: Vault issued a leaf, although isCA was asked for.
import rule from "../../../trust/rules/issuer-is-ca.ts";
import { issuer } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const leaf = issuer(root, { basicConstraints: { ca: false } });
const bare = issuer(root, { basicConstraints: false });
const noSigning = issuer(root, { keyUsage: ["digitalSignature"] });

testRule(rule, {
  passes: {
    "CA:TRUE and keyCertSign": facts(),
    "no keyUsage at all": facts({ issuer: issuer(root, { keyUsage: false }) }),
    "no path length": facts({ issuer: issuer(root, { basicConstraints: { ca: true } }) }),
  },
  finds: {
    "CA:FALSE": [facts({ issuer: leaf }), `issuer ${called(leaf)} is not a certificate authority`],
    "no basicConstraints": [facts({ issuer: bare }), `issuer ${called(bare)} is not a certificate authority`],
    "a keyUsage without keyCertSign": [
      facts({ issuer: noSigning }),
      `issuer ${called(noSigning)} may not sign certificates: keyUsage lacks keyCertSign`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
  },
});
