import rule from "../../../trust/rules/issuer-key-matches.ts";
import {
  ecParameters,
  encryptedPkcs8,
  encryptedTraditional,
  issuer,
  keyPair,
} from "../../certificates/index.ts";
import { facts, healthyIssuer, root, unseen } from "../facts.ts";
import { issuerSecret } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const withKey = (key: string | undefined) =>
  facts({ issuer: issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": key }) });
const stranger = keyPair("P-256", "stranger");
const rsa = issuer(root, { keyKind: "RSA-2048" });

testRule(rule, {
  passes: {
    "EC PRIVATE KEY, as step writes it": facts(),
    "PRIVATE KEY, as cert-manager may write it (linkerd2#4597)": withKey(healthyIssuer.pkcs8Pem),
    "RSA PRIVATE KEY: that no leaf can come of it is another matter": facts({ issuer: rsa }),
    "a key that is missing is for issuer-present to report": withKey(undefined),
    "no Secret": facts({ issuer: undefined }),
  },
  finds: {
    "the key of another certificate": [
      withKey(stranger.pem),
      "tls.key is not the key of the certificate in tls.crt",
    ],
    "the same, in Linkerd's own layout": [
      facts({
        mesh: [],
        config: unseen,
        issuer: issuerSecret(healthyIssuer, "linkerd.io/tls", { "key.pem": stranger.pem }),
      }),
      "key.pem is not the key of the certificate in crt.pem",
    ],
    "the parameters first, as openssl writes them": [
      withKey(ecParameters() + healthyIssuer.keyPem),
      "identity cannot read tls.key: unsupported block type: an EC PARAMETERS block comes first",
    ],
    "an encrypted key": [
      withKey(encryptedPkcs8(healthyIssuer.key)),
      "identity cannot read tls.key: unsupported block type: it is encrypted",
    ],
    "a key under the older encryption": [
      withKey(encryptedTraditional(healthyIssuer.key)),
      "identity cannot read tls.key: failed to parse EC private key",
    ],
    "the certificate again": [
      withKey(healthyIssuer.pem),
      "identity cannot read tls.key: unsupported block type: a CERTIFICATE block comes first",
    ],
    garbage: [withKey("garbage"), "identity cannot read tls.key: not PEM-encoded"],
    "an Ed25519 key": [
      withKey(keyPair("Ed25519", "ed").pem),
      "identity cannot read tls.key: unsupported PKCS#8 private key type: only ECDSA and RSA keys are supported",
    ],
  },
  notAsked: {
    "where the Secret cannot be read": facts({ issuer: unseen }),
  },
});
