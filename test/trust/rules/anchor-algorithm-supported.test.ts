import rule from "../../../trust/rules/anchor-algorithm-supported.ts";
import { type Algorithm, anchor, type KeyKind, keyPair, mint } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const made = (kind: KeyKind, algorithm?: Algorithm) =>
  anchor(`a ${kind} anchor`, { key: keyPair(kind, kind), ...(algorithm && { algorithm }) });
const [p384, p521, p224, ed25519] = [made("P-384"), made("P-521"), made("P-224"), made("Ed25519")];
const [rsa1024, rsa3072] = [made("RSA-1024"), made("RSA-3072")];
const [sha1, rsaSha512] = [made("P-256", "ecdsa-sha1"), made("RSA-2048", "rsa-sha512")];
const crossSigned = mint(made("RSA-2048"), {
  key: keyPair("P-256", "cross"),
  name: "cross-signed",
  basicConstraints: { ca: true },
});
const uses = (one: typeof root, what: string) => `anchor ${called(one)} uses ${what}`;

testRule(rule, {
  passes: {
    "ECDSA P-256": facts(),
    "RSA of 2048 bits": facts({ bundle: [made("RSA-2048")] }),
    "RSA of 4096 bits": facts({ bundle: [made("RSA-4096")] }),
    "a P-256 key that an RSA authority has signed": facts({ bundle: [crossSigned] }),
  },
  finds: {
    "P-384": [facts({ bundle: [root, p384] }), uses(p384, "the curve P-384; only P-256 is supported")],
    "P-521 (linkerd2#12506)": [
      facts({ bundle: [p521] }),
      uses(p521, "the curve P-521; only P-256 is supported"),
    ],
    "P-224, twice in the bundle": [
      facts({ bundle: [p224, p224] }),
      uses(p224, "the curve P-224; only P-256 is supported"),
    ],
    Ed25519: [
      facts({ bundle: [ed25519] }),
      uses(ed25519, "an Ed25519 key; ECDSA P-256 and RSA are supported"),
    ],
    "RSA of 1024 bits": [
      facts({ bundle: [rsa1024] }),
      uses(rsa1024, "an RSA key of 1024 bits; 2048 and 4096 are supported"),
    ],
    "RSA of 3072 bits, which proxies would take": [
      facts({ bundle: [rsa3072] }),
      uses(rsa3072, "an RSA key of 3072 bits; 2048 and 4096 are supported"),
    ],
    "SHA-1 under ECDSA": [
      facts({ bundle: [sha1] }),
      uses(sha1, "the signature algorithm ECDSA-SHA1; ECDSA-SHA256 and SHA256-RSA are supported"),
    ],
    "SHA-512 under RSA": [
      facts({ bundle: [rsaSha512] }),
      uses(rsaSha512, "the signature algorithm SHA512-RSA; SHA256-RSA is supported for RSA keys"),
    ],
  },
  notAsked: {
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
