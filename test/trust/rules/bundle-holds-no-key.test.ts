import rule from "../../../trust/rules/bundle-holds-no-key.ts";
import { base64 } from "../../base64.ts";
import { bundle, encryptedPkcs8, encryptedTraditional, keyPair } from "../../certificates/index.ts";
import { facts, healthyIssuer, root, unseen } from "../facts.ts";
import { linkerdConfig, trustRoots } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const clean = trustRoots([root]);
const key = root.key;
const withAnnotation = (text: string) =>
  facts({ bundle: { ...clean, metadata: { ...clean.metadata, annotations: { "example.org/note": text } } } });
const withData = (data: Record<string, string>) =>
  facts({ bundle: { ...clean, data: { ...clean.data, ...data } } });
const withBinary = (data: Buffer) =>
  facts({ bundle: { ...clean, binaryData: { "root.key": base64(data) } } });
const pkcs8Der = key.private.export({ format: "der", type: "pkcs8" });
const named = (name: string) => keyPair("P-256", name).pem;
const lines = bundle(root).split("\n").length;
const stands = (place: string, detail: string) => ({ message: `a private key stands in ${place}`, detail });

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
      stands(`data["ca-bundle.crt"]`, `an EC private key on line ${lines}`),
    ],
    "a key in PKCS#8": [
      facts({ bundle: bundle(root) + root.pkcs8Pem }),
      stands(`data["ca-bundle.crt"]`, `a PKCS#8 private key on line ${lines}`),
    ],
    "an encrypted key: the passphrase may be guessed": [
      facts({ bundle: bundle(root) + encryptedPkcs8(key) }),
      stands(`data["ca-bundle.crt"]`, `an encrypted private key on line ${lines}`),
    ],
    "a key under the older encryption": [
      facts({ bundle: bundle(root) + encryptedTraditional(key) }),
      stands(`data["ca-bundle.crt"]`, `an EC private key on line ${lines}`),
    ],
    "a key under a name of its own": [
      withData({ "ca.key": root.keyPem }),
      stands(`data["ca.key"]`, `an EC private key on line 1`),
    ],
    "a key in binaryData, as DER": [
      withBinary(pkcs8Der),
      stands(`binaryData["root.key"]`, `a PKCS#8 private key in DER on line 1`),
    ],
    "a key in what kubectl apply remembers": [
      withAnnotation(JSON.stringify({ data: { "ca-bundle.crt": healthyIssuer.keyPem } })),
      stands("annotation example.org/note", "an EC private key on line 1"),
    ],
    "a key in base64": [
      withAnnotation(base64(root.keyPem)),
      stands("annotation example.org/note", "an EC private key in base64 on line 1"),
    ],
    "two keys in the place of names, each for itself": [
      withData({ [named("a")]: "", [named("b")]: "" }),
      stands("the name of a key in data", "an EC private key on line 1"),
      stands("the name of a key in data (place 2)", "an EC private key on line 1"),
    ],
    "two keys, in the order of their places": [
      withData({ "a.key": root.keyPem, "b.key": keyPair("RSA-2048", "b").pem }),
      stands(`data["a.key"]`, `an EC private key on line 1`),
      stands(`data["b.key"]`, `an RSA private key on line 1`),
    ],
  },
  notAsked: {
    "where the ConfigMap cannot be read": facts({ bundle: unseen, config: linkerdConfig() }),
  },
});
