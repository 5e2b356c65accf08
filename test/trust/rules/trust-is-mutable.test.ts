import rule from "../../../trust/rules/trust-is-mutable.ts";
import { facts, healthyIssuer, root, unseen } from "../facts.ts";
import { issuerSecret, trustRoots } from "../objects.ts";
import { testRule } from "./test-rule.ts";

testRule(rule, {
  passes: {
    "objects as Linkerd's chart makes them": facts(),
    "immutable: false": facts({ bundle: { ...trustRoots([root]), immutable: false } }),
    "neither object is there": facts({ bundle: undefined, issuer: undefined }),
  },
  finds: {
    "an immutable ConfigMap": [
      facts({ bundle: { ...trustRoots([root]), immutable: true } }),
      "ConfigMap linkerd-identity-trust-roots is immutable",
    ],
    "an immutable Secret": [
      facts({ issuer: { ...issuerSecret(healthyIssuer), immutable: true } }),
      { message: "Secret linkerd-identity-issuer is immutable", about: "issuer" },
    ],
    both: [
      facts({
        bundle: { ...trustRoots([root]), immutable: true },
        issuer: { ...issuerSecret(healthyIssuer), immutable: true },
      }),
      "ConfigMap linkerd-identity-trust-roots is immutable",
      { message: "Secret linkerd-identity-issuer is immutable", about: "issuer" },
    ],
  },
  notAsked: {
    "where the Secret cannot be read": facts({ issuer: unseen }),
    "where the ConfigMap cannot be read": facts({ bundle: unseen }),
  },
});
