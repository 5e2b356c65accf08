import rule from "../../../trust/rules/issuer-present.ts";
import { change, emptyMesh, facts, healthyIssuer, unseen } from "../facts.ts";
import { issuerSecret } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const nothing = "there is no issuer in Secret linkerd-identity-issuer";
const holding = (data: Record<string, string>) => ({ ...issuerSecret(healthyIssuer), data });
const { data } = issuerSecret(healthyIssuer);
const key = data?.["tls.key"] ?? "";
const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${i}`, "Cg=="]));

testRule(rule, {
  passes: {
    "tls.crt and tls.key": facts(),
    "crt.pem and key.pem": facts({ issuer: issuerSecret(healthyIssuer, "linkerd.io/tls") }),
    "a certificate that cannot be read is for issuer-reads-whole to report": facts({
      issuer: issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.crt": "garbage" }),
    }),
    "that it is deleted is for trust-not-deleted to judge": change({}, { issuer: undefined }),
  },
  finds: {
    "no Secret, and proxies run": [facts({ issuer: undefined }), nothing],
    "no Secret yet, as every install begins": [
      facts({ issuer: undefined, mesh: emptyMesh }),
      { message: nothing, severity: "warn" },
    ],
    "a Secret that its maker has still to fill": [
      facts({ issuer: holding({ "tls.crt": "", "tls.key": "" }) }),
      { message: nothing, detail: "it holds nothing" },
    ],
    "a key whose certificate is still to come": [
      facts({ issuer: holding({ "tls.crt": "", "tls.key": key }) }),
      { message: nothing, detail: "it holds tls.key" },
    ],
    "thousands of keys of somebody's own: three of them are told": [
      facts({ issuer: holding(many) }),
      { message: nothing, detail: "it holds 0, 1, 10 and 4997 more" },
    ],
    "a certificate without its key": [
      facts({ issuer: issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": undefined }) }),
      "the issuer's private key is missing: tls.key is empty",
    ],
    "a certificate and an empty key, in Linkerd's own layout": [
      facts({ issuer: issuerSecret(healthyIssuer, "linkerd.io/tls", { "key.pem": "" }) }),
      "the issuer's private key is missing: key.pem is empty",
    ],
  },
  notAsked: {
    "where the Secret cannot be read": facts({ issuer: unseen }),
  },
});
