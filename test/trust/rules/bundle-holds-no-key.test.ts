import rule from "../../../trust/rules/bundle-holds-no-key.ts";
import { bundle, encryptedPkcs8, encryptedTraditional, keyPair } from "../../certificates/index.ts";
import { facts, healthyIssuer, root, unseen } from "../facts.ts";
import { linkerdConfig, trustRoots } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const clean = trustRoots([root]);
const key = root.key;
const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
const withAnnotation = (text: string) =>
  facts({ bundle: { ...clean, metadata: { ...clean.metadata, annotations: { "example.org/note": text } } } });
const withData = (data: Record<string, string>) =>
  facts({ bundle: { ...clean, data: { ...clean.data, ...data } } });
const withBinary = (data: Buffer) =>
  facts({ bundle: { ...clean, binaryData: { "root.key": base64(data) } } });
const pkcs8Der = key.private.export({ format: "der", type: "pkcs8" });
const lines = bundle(root).split("\n").length;

testRule(rule, {
  passes: {
    "certificates alone": facts(),
    "a certificate in an annotation": withAnnotation(root.pem),
    "other data beside the bundle": withData({ "README.md": "No private key here; BEGIN reading above." }),
    "no ConfigMap at all": facts({ bundle: undefined }),
    "an annotation of cert-manager's": withAnnotation("linkerd-trust-anchor"),
  },
  finds: {
    "the anchor's own key after it": [
      facts({ bundle: bundle(root) + root.keyPem }),
      `a private key stands in data["ca-bundle.crt"]: an EC private key on line ${lines}`,
    ],
    "a key in PKCS#8": [
      facts({ bundle: bundle(root) + root.pkcs8Pem }),
      `a private key stands in data["ca-bundle.crt"]: a PKCS#8 private key on line ${lines}`,
    ],
    "an encrypted key: the passphrase may be guessed": [
      facts({ bundle: bundle(root) + encryptedPkcs8(key) }),
      `a private key stands in data["ca-bundle.crt"]: an encrypted private key on line ${lines}`,
    ],
    "a key under the older encryption": [
      facts({ bundle: bundle(root) + encryptedTraditional(key) }),
      `a private key stands in data["ca-bundle.crt"]: an EC private key on line ${lines}`,
    ],
    "a key under a name of its own": [
      withData({ "ca.key": root.keyPem }),
      'a private key stands in data["ca.key"]: an EC private key on line 1',
    ],
    "a key in binaryData, as DER": [
      withBinary(pkcs8Der),
      'a private key stands in binaryData["root.key"]: a PKCS#8 private key in DER on line 1',
    ],
    "a key in what kubectl apply remembers": [
      withAnnotation(JSON.stringify({ data: { "ca-bundle.crt": healthyIssuer.keyPem } })),
      "a private key stands in annotation example.org/note: an EC private key on line 1",
    ],
    "a key in base64": [
      withAnnotation(base64(root.keyPem)),
      "a private key stands in annotation example.org/note: an EC private key in base64 on line 1",
    ],
    "two keys, in the order of their places": [
      withData({ "a.key": root.keyPem, "b.key": keyPair("RSA-2048", "b").pem }),
      'a private key stands in data["a.key"]: an EC private key on line 1',
      'a private key stands in data["b.key"]: an RSA private key on line 1',
    ],
  },
  notAsked: {
    "where the ConfigMap cannot be read": facts({ bundle: unseen, config: linkerdConfig() }),
  },
});
