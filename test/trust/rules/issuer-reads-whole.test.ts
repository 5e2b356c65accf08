import rule from "../../../trust/rules/issuer-reads-whole.ts";
import { anchor, bundle, issuer, pemBlock } from "../../certificates/index.ts";
import { facts, healthyIssuer, root, unseen } from "../facts.ts";
import { issuerSecret } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const middle = issuer(root, { name: "middle", basicConstraints: { ca: true } });
const low = issuer(middle);
const holding = (certificates: string) =>
  facts({ issuer: issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.crt": certificates }) });
const lines = healthyIssuer.pem.split("\n").length;

testRule(rule, {
  passes: {
    "one certificate": facts(),
    "the issuer and the intermediate above it": facts({ issuer: [low, middle] }),
    "Windows line ends": holding(healthyIssuer.pem.replaceAll("\n", "\r\n")),
    "a Secret without a certificate": facts({ issuer: { ...issuerSecret(low), data: {} } }),
    "the other layout is not read": facts({
      issuer: issuerSecret(healthyIssuer, "kubernetes.io/tls", { "crt.pem": "garbage" }),
    }),
  },
  finds: {
    garbage: [
      holding("garbage"),
      "identity refuses tls.crt: not a PEM certificate: there is no PEM block in it",
    ],
    "a blank line at the end": [
      holding(`${healthyIssuer.pem}\n`),
      `identity refuses tls.crt: not a PEM certificate: a blank line or spaces after the last certificate, on line ${lines}`,
    ],
    "a block that holds no certificate": [
      holding(pemBlock("CERTIFICATE", Buffer.from("not DER"))),
      "identity refuses tls.crt: certificate 1, on line 1, is unreadable: malformed certificate",
    ],
    "certificate and key in one file: what follows the key is lost": [
      holding(healthyIssuer.pem + healthyIssuer.keyPem + bundle(anchor("lost"))),
      `identity would silently pass over part of tls.crt, line ${lines}: an EC PRIVATE KEY block; neither it nor anything after it is read`,
    ],
    "garbage in Linkerd's own layout": [
      facts({ config: unseen, mesh: [], issuer: issuerSecret(low, "linkerd.io/tls", { "crt.pem": "-" }) }),
      "identity refuses crt.pem: not a PEM certificate: there is no PEM block in it",
    ],
  },
  notAsked: {
    "where the Secret cannot be read": facts({ issuer: unseen }),
  },
});
