import rule from "../../../trust/rules/issuer-scheme-matches.ts";
import { facts, healthyIssuer, unseen } from "../facts.ts";
import { issuerSecret, linkerdConfig } from "../objects.ts";
import { identityArgs, identityPod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const asKubernetes = issuerSecret(healthyIssuer, "kubernetes.io/tls");
const asLinkerd = issuerSecret(healthyIssuer, "linkerd.io/tls");
const both = { ...asKubernetes, data: { ...asKubernetes.data, ...asLinkerd.data } };
const running = (scheme: string) => [
  identityPod({ identityArgs: identityArgs({ "identity-scheme": scheme }) }),
];
const installed = (scheme: string) => linkerdConfig({ identity: { issuer: { scheme } } });
const mine = { ...asKubernetes, data: { "ca.crt": "", "root.crt": "Cg==", "issuer.key": "Cg==" } };
const foreign = "the issuer's Secret has keys that no scheme reads";
const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${i}-${"x".repeat(200)}`, "Cg=="]));

testRule(rule, {
  passes: {
    "tls.crt and tls.key, as installed": facts(),
    "crt.pem and key.pem, as installed": facts({
      issuer: asLinkerd,
      mesh: running("linkerd.io/tls"),
      config: installed("linkerd.io/tls"),
    }),
    "both layouts": facts({ issuer: both, mesh: running("linkerd.io/tls") }),
    "nothing is installed yet, so either will do": facts({ issuer: asLinkerd, mesh: [], config: unseen }),
    "an empty Secret": facts({ issuer: { ...asKubernetes, data: {} } }),
    "no Secret": facts({ issuer: undefined }),
  },
  finds: {
    "Linkerd's layout, where the running identity reads Kubernetes'": [
      facts({ issuer: asLinkerd }),
      "identity reads tls.crt and tls.key (scheme kubernetes.io/tls), but the Secret has crt.pem and key.pem",
    ],
    "Kubernetes' layout, where linkerd-config says Linkerd's": [
      facts({ mesh: [], config: installed("linkerd.io/tls") }),
      "identity reads crt.pem and key.pem (scheme linkerd.io/tls), but the Secret has tls.crt and tls.key",
    ],
    "the running identity knows better than linkerd-config": [
      facts({ mesh: running("linkerd.io/tls"), config: installed("kubernetes.io/tls") }),
      "identity reads crt.pem and key.pem (scheme linkerd.io/tls), but the Secret has tls.crt and tls.key",
    ],
    "names of somebody's own": [
      facts({ issuer: mine }),
      { message: foreign, detail: "issuer.key, root.crt" },
    ],
    "thousands of somebody's own, with long names: three of them are told": [
      facts({ issuer: { ...asKubernetes, data: many } }),
      { message: foreign, detail: /^0-x{38}…, 1-x{38}…, 10-x{37}… and 4997 more$/ },
    ],
  },
  notAsked: {
    "where the Secret cannot be read": facts({ issuer: unseen }),
  },
});
