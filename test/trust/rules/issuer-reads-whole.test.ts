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
const lost = (what: string, line: number) => ({
  message: `identity would silently pass over part of tls.crt: ${what}`,
  detail: `line ${line}`,
});

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
      {
        message:
          "identity refuses tls.crt: not a PEM certificate: a blank line or spaces after the last certificate",
        detail: `line ${lines}`,
      },
    ],
    "a block that holds no certificate": [
      holding(pemBlock("CERTIFICATE", Buffer.from("not DER"))),
      {
        message: "identity refuses tls.crt: a certificate is unreadable: malformed certificate",
        detail: "line 1",
      },
    ],
    "certificate and key in one file: what follows the key is lost": [
      holding(healthyIssuer.pem + healthyIssuer.keyPem + bundle(anchor("lost"))),
      lost("an EC PRIVATE KEY block; neither it nor anything after it is read", lines),
    ],
    "two damaged intermediates, each for itself": [
      holding(healthyIssuer.pem + middle.pem.replace("MII", "M!I").repeat(2) + middle.pem),
      lost("a CERTIFICATE block whose base64 is damaged", lines),
      lost(
        "a CERTIFICATE block whose base64 is damaged (place 2)",
        lines + middle.pem.split("\n").length - 1,
      ),
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
