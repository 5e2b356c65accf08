import rule from "../../../trust/rules/trust-not-overridden.ts";
import { facts, healthyIssuer, root, unseen } from "../facts.ts";
import { annotated, issuerSecret, trustRoots } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const allowing = (rules: string) => ({
  "linkerd-certs.io/allow": rules,
  "linkerd-certs.io/reason": "a drill",
});

testRule(rule, {
  passes: {
    "no annotation": facts(),
    "an empty annotation lets nothing pass": facts({
      bundle: annotated(trustRoots([root]), allowing(" , ")),
    }),
    "a reason without a rule": facts({
      bundle: annotated(trustRoots([root]), { "linkerd-certs.io/reason": "a drill" }),
    }),
  },
  finds: {
    "one rule on the ConfigMap": [
      facts({ bundle: annotated(trustRoots([root]), allowing("bundle-overlaps-previous")) }),
      "ConfigMap linkerd-identity-trust-roots lets these rules pass: bundle-overlaps-previous",
    ],
    "two rules on the Secret, one of them twice": [
      facts({
        issuer: annotated(
          issuerSecret(healthyIssuer),
          allowing("issuer-trusted-by-proxies, issuer-known-to-identity,issuer-trusted-by-proxies"),
        ),
      }),
      {
        message:
          "Secret linkerd-identity-issuer lets these rules pass: issuer-known-to-identity, issuer-trusted-by-proxies",
        about: "issuer",
      },
    ],
    "a pasted key is not repeated": [
      facts({ bundle: annotated(trustRoots([root]), allowing(root.keyPem)) }),
      "ConfigMap linkerd-identity-trust-roots lets these rules pass: (withheld: it holds a private key)",
    ],
  },
  notAsked: {
    "where the Secret cannot be read": facts({ issuer: unseen }),
    "where the ConfigMap cannot be read": facts({ bundle: unseen }),
  },
});
