// https://github.com/linkerd/linkerd2/issues/7771: an RSA issuer loads, and no proxy gets a leaf.
import rule from "../../../trust/rules/issuer-algorithm-supported.ts";
import { type Algorithm, anchor, issuer, type KeyKind, keyPair } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const made = (kind: KeyKind, algorithm?: Algorithm) =>
  issuer(root, { key: keyPair(kind, `issuer ${kind}`), ...(algorithm && { algorithm }) });
const rsaRoot = anchor("RSA root", { keyKind: "RSA-2048" });
const [rsa, p384, ed25519, sha512] = [
  made("RSA-2048"),
  made("P-384"),
  made("Ed25519"),
  made("P-256", "ecdsa-sha512"),
];
const uses = (one: typeof root, what: string) => `issuer ${called(one)} uses ${what}`;

testRule(rule, {
  passes: {
    "ECDSA P-256 under ECDSA-SHA256": facts(),
    "ECDSA P-256 under an RSA anchor": facts({ bundle: [rsaRoot], issuer: issuer(rsaRoot) }),
  },
  finds: {
    RSA: [facts({ issuer: rsa }), uses(rsa, "an RSA key; only ECDSA P-256 is supported")],
    "P-384": [facts({ issuer: p384 }), uses(p384, "the curve P-384; only P-256 is supported")],
    Ed25519: [facts({ issuer: ed25519 }), uses(ed25519, "an Ed25519 key; only ECDSA P-256 is supported")],
    "SHA-512": [
      facts({ issuer: sha512 }),
      uses(sha512, "the signature algorithm ECDSA-SHA512; ECDSA-SHA256 and SHA256-RSA are supported"),
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
  },
});
