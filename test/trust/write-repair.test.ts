// What was wrong may stay wrong elsewhere, and be mended bit by bit.
import { integer } from "../certificates/der.ts";
import { extension } from "../certificates/extensions.ts";
import { after, anchor, bundle, day, keyPair, pemBlock, second } from "../certificates/index.ts";
import { healthyIssuer, root } from "./facts.ts";
import { annotated, issuerSecret, trustRoots } from "./objects.ts";
import { specify, type Writes } from "./specification.ts";

const next = anchor("next root");
const expired = anchor("expired", { notAfter: after(-day) });
const expiredToo = anchor("expired too", { notAfter: after(-second) });
const text = bundle(root);
const garbage = trustRoots("garbage");
const wrongKey = issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": keyPair().pem });
const damaged = text.replace("MII", "M!I");
const noCertificate = pemBlock("CERTIFICATE", Buffer.from("not DER"));
const unreadable = extension("1.3.6.1.4.1.11129.2.4.2", integer(1));
const [odd, oddToo] = [
  anchor("odd", { extensions: [unreadable] }),
  anchor("odd too", { extensions: [unreadable] }),
];
const chained = (more: string) =>
  issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.crt": healthyIssuer.pem + more + root.pem });

const specification: Record<string, Writes> = {
  "what was damaged before may be elsewhere after": {
    "a sound anchor is put in front of a damaged block": [
      { bundle: damaged + text },
      { bundle: bundle(next) + damaged + text },
    ],
    "a sound anchor is put in front of a block that is no certificate": [
      { bundle: text + noCertificate },
      { bundle: bundle(next) + text + noCertificate },
    ],
    "a sound anchor is put in front of a text that ends in a blank line": [
      { bundle: `${text}\n` },
      { bundle: `${bundle(next) + text}\n` },
    ],
    "a sound anchor is put in front of a key": [
      { bundle: text + root.keyPem },
      { bundle: bundle(next) + text + root.keyPem },
    ],
    "a second damaged block": [
      { bundle: damaged + text },
      { bundle: damaged.repeat(2) + text },
      ["bundle-reads-whole"],
    ],
    "one of two damaged blocks is taken out": [
      { bundle: damaged.repeat(2) + text },
      { bundle: damaged + text },
    ],
    "a comment before an issuer's damaged intermediate": [
      { issuer: chained(damaged) },
      { issuer: chained(`# as it came\n${damaged}`) },
    ],
    "a second damaged intermediate": [
      { issuer: chained(damaged) },
      { issuer: chained(damaged.repeat(2)) },
      ["issuer-reads-whole"],
    ],
  },
  "a repair may take several steps": {
    "a bundle that is far too long becomes shorter, and is too long still": [
      { bundle: text.repeat(500) },
      { bundle: text.repeat(400) },
    ],
    "one of two anchors that proxies cannot read is taken out": [
      { bundle: [root, odd, oddToo] },
      { bundle: [root, odd] },
    ],
    "one of two keys that no scheme reads is taken out": [
      { issuer: { ...wrongKey, data: { a: "Cg==", b: "Cg==" } } },
      { issuer: { ...wrongKey, data: { a: "Cg==" } } },
    ],
    "one of two private keys is taken out": [
      { bundle: annotated(trustRoots([root]), { a: root.keyPem, b: next.keyPem }) },
      { bundle: annotated(trustRoots([root]), { b: next.keyPem }) },
    ],
    "one of two expired anchors is taken out": [
      { bundle: [root, expired, expiredToo] },
      { bundle: [root, expired] },
    ],
    "and then the other": [{ bundle: [root, expired] }, { bundle: [root] }],
    "from garbage to a bundle that is short of the issuer's anchor is a step back": [
      { bundle: garbage },
      { bundle: [next] },
      ["issuer-chains-to-anchor"],
    ],
    "from garbage to the right bundle": [{ bundle: garbage }, { bundle: [root] }],
    "the right key for the issuer": [{ issuer: wrongKey }, { issuer: healthyIssuer }],
  },
};

for (const [promise, writes] of Object.entries(specification)) specify(promise, writes);
