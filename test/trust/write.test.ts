// The verdict on a write. A write is refused only for an error that it introduces.
import { integer } from "../certificates/der.ts";
import { extension } from "../certificates/extensions.ts";
import {
  after,
  anchor,
  bundle,
  day,
  hour,
  issuer,
  keyPair,
  pemBlock,
  second,
} from "../certificates/index.ts";
import { emptyMesh, healthyIssuer, root, type State, unseen } from "./facts.ts";
import { annotated, issuerSecret, trustRoots } from "./objects.ts";
import { identityArgs, identityPod, pod } from "./pods.ts";
import { specify, type Writes } from "./specification.ts";

const next = anchor("next root");
const nextIssuer = issuer(next);
const expired = anchor("expired", { notAfter: after(-day) });
const expiredToo = anchor("expired too", { notAfter: after(-second) });
const p384 = anchor("P-384", { keyKind: "P-384" });
const text = bundle(root);
const garbage = trustRoots("garbage");
const labelled = (object: ReturnType<typeof trustRoots>) => annotated(object, { "example.org/team": "mesh" });
const wrongKey = issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": keyPair().pem });
const otherWrongKey = issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": "garbage" });
const damaged = text.replace("MII", "M!I");
const noCertificate = pemBlock("CERTIFICATE", Buffer.from("not DER"));
const unreadable = extension("1.3.6.1.4.1.11129.2.4.2", integer(1));
const [odd, oddToo] = [
  anchor("odd", { extensions: [unreadable] }),
  anchor("odd too", { extensions: [unreadable] }),
];
const lasting = (left: number) => issuer(root, { notAfter: after(left) });
const short = anchor("short", { notAfter: after(10 * day) });
const underShort = (end: number, start = 0) =>
  issuer(short, { notBefore: after(start - day), notAfter: after(end) });
const chained = (more: string) =>
  issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.crt": healthyIssuer.pem + more + root.pem });
const meshOfBoth = [identityPod(), pod({ bundle: [root, next] })];
const healthy: State = {};
const rotating: State = { bundle: [root, next] };
const unmeshed: State = { mesh: emptyMesh };

const specification: Record<string, Writes> = {
  "what changes nothing passes": {
    "the same bundle again": [healthy, { bundle: text }],
    "a label": [healthy, { bundle: labelled(trustRoots([root])) }],
    "the same issuer again": [healthy, { issuer: healthyIssuer }],
    "another order": [rotating, { bundle: [next, root] }],
  },
  "what was wrong before may stay wrong": {
    "a label on a bundle that nobody can read": [{ bundle: garbage }, { bundle: labelled(garbage) }],
    "a label on a Secret with the wrong key": [
      { issuer: wrongKey },
      { issuer: annotated(wrongKey, { a: "b" }) },
    ],
    "an anchor is added to a bundle with an expired one": [
      { bundle: [root, expired] },
      { bundle: [root, expired, next] },
    ],
    "a label on a bundle that is empty": [{ bundle: "" }, { bundle: labelled(trustRoots("")) }],
  },
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
  "the write that breaks is the one that is refused": {
    "an expired anchor beside the good one": [healthy, { bundle: [root, expired] }, ["anchor-not-expired"]],
    "a second expired anchor beside the first": [
      { bundle: [root, expired] },
      { bundle: [root, expired, expiredToo] },
      ["anchor-not-expired"],
    ],
    "an anchor that linkerd check refuses": [
      healthy,
      { bundle: [root, p384] },
      ["anchor-algorithm-supported"],
    ],
    "an empty bundle": [healthy, { bundle: "" }, ["bundle-present"]],
    "garbage in the place of the bundle": [healthy, { bundle: garbage }, ["bundle-reads-whole"]],
    "an anchor's key": [
      healthy,
      { bundle: text + root.keyPem },
      ["bundle-holds-no-key", "bundle-reads-whole"],
    ],
    "another key for the issuer": [healthy, { issuer: wrongKey }, ["issuer-key-matches"]],
    "another wrong key": [{ issuer: wrongKey }, { issuer: otherWrongKey }, ["issuer-key-matches"]],
    "the whole bundle is swapped": [
      healthy,
      { bundle: [next] },
      ["bundle-overlaps-previous", "anchor-in-use-kept", "issuer-chains-to-anchor"],
    ],
    "the issuer before its anchor": [
      healthy,
      { issuer: nextIssuer },
      ["issuer-chains-to-anchor", "issuer-trusted-by-proxies"],
    ],
    "the ConfigMap is deleted": [healthy, { bundle: undefined }, ["trust-not-deleted"]],
    "the Secret is deleted": [healthy, { issuer: undefined }, ["trust-not-deleted"]],
  },
  "what lasts gives way to nothing that ends sooner": {
    "an upgrade writes a stored issuer, nearly at its end, over a fresh one": [
      healthy,
      { issuer: lasting(hour) },
      ["issuer-outlives-leaves"],
    ],
    "a fresh issuer over one that is nearly at its end": [
      { issuer: lasting(hour) },
      { issuer: issuer(root) },
    ],
    "one that is nearly at its end, where identity could not use the one so far": [
      { issuer: wrongKey },
      { issuer: lasting(hour) },
    ],
    "an issuer that outlives its anchor, in the place of one that did not": [
      { bundle: [short], issuer: underShort(9 * day), mesh: [identityPod(), pod({ bundle: [short] })] },
      { issuer: underShort(30 * day) },
      ["anchor-outlives-issuer"],
    ],
    "the same again, for as long a life": [
      { bundle: [short], issuer: underShort(30 * day), mesh: [identityPod(), pod({ bundle: [short] })] },
      { issuer: underShort(31 * day, day) },
    ],
  },
  "an object that nobody can change any more": {
    "the bundle becomes immutable": [
      healthy,
      { bundle: { ...trustRoots([root]), immutable: true } },
      ["trust-is-mutable"],
    ],
    "the issuer becomes immutable": [
      healthy,
      { issuer: { ...issuerSecret(healthyIssuer), immutable: true } },
      ["trust-is-mutable"],
    ],
    "one that is immutable gets a label": [
      { bundle: { ...trustRoots([root]), immutable: true } },
      { bundle: { ...labelled(trustRoots([root])), immutable: true } },
    ],
    "the Secret is made immutable, and the ConfigMap was before": [
      { bundle: { ...trustRoots([root]), immutable: true } },
      { issuer: { ...issuerSecret(healthyIssuer), immutable: true } },
      ["trust-is-mutable"],
    ],
  },
  "a tenant's pod steers nothing": {
    "identity's label and old age, in a namespace of his own": [
      {
        ...rotating,
        bundle: trustRoots([root, next]),
        mesh: [...meshOfBoth, identityPod({ namespace: "tenant", startedAt: after(-30 * day) })],
      },
      { issuer: nextIssuer },
    ],
    "identity's label and another scheme": [
      {
        mesh: [
          identityPod({
            namespace: "tenant",
            startedAt: after(-30 * day),
            identityArgs: identityArgs({ "identity-scheme": "linkerd.io/tls" }),
          }),
        ],
        config: unseen,
      },
      { issuer: issuer(root) },
    ],
    "a bundle of his own": [
      { bundle: trustRoots([root, next]), mesh: [...meshOfBoth, pod({ bundle: [anchor("tenant's")] })] },
      { issuer: nextIssuer },
    ],
    "a bundle of any length": [
      { bundle: trustRoots([root, next]), mesh: [...meshOfBoth, pod({ bundle: text.repeat(1000) })] },
      { issuer: nextIssuer },
    ],
    "a pod that no node takes": [
      {
        bundle: trustRoots([root, next]),
        mesh: [...meshOfBoth, pod({ bundle: [root], phase: "Pending", scheduled: false })],
      },
      { issuer: nextIssuer },
    ],
  },
  "where the mesh cannot be seen": {
    "the ConfigMap is not deleted": [{ mesh: unseen }, { bundle: undefined }, ["trust-not-deleted"]],
    "the Secret is not deleted": [{ mesh: unseen }, { issuer: undefined }, ["trust-not-deleted"]],
    "they go with their namespace": [{ mesh: unseen, terminating: true }, { issuer: undefined }],
    "an issuer may be renewed": [{ mesh: unseen }, { issuer: issuer(root) }],
  },
  "a rotation, in order": {
    "the new anchor beside the old one": [healthy, { bundle: [root, next] }],
    "the issuer, when everything has been restarted": [
      { ...rotating, mesh: [identityPod(), pod({ bundle: [root, next] })] },
      { issuer: nextIssuer },
    ],
    "the issuer, when one workload has not": [
      { ...rotating, mesh: [identityPod(), pod({ bundle: [root] })] },
      { issuer: nextIssuer },
      ["issuer-trusted-by-proxies"],
    ],
    "the old anchor goes a day after the new issuer came": [
      {
        ...rotating,
        issuer: nextIssuer,
        seen: [
          [healthyIssuer, after(-20 * day)],
          [nextIssuer, after(-2 * day)],
        ],
      },
      { bundle: [next] },
    ],
    "the old anchor goes at once": [
      {
        ...rotating,
        issuer: nextIssuer,
        seen: [
          [healthyIssuer, after(-20 * day)],
          [nextIssuer, after(-second)],
        ],
      },
      { bundle: [next] },
      ["anchor-in-use-kept"],
    ],
  },
  "an install, and its end": {
    "nothing runs yet, and it is tried again with other certificates: the ConfigMap": [
      { mesh: [] },
      { bundle: [next] },
    ],
    "and then the Secret": [{ bundle: [next], mesh: [] }, { issuer: nextIssuer }],
    "and identity runs: not so": [
      { ...unmeshed, bundle: [root, next] },
      { bundle: [next] },
      ["anchor-in-use-kept", "issuer-chains-to-anchor"],
    ],
    "the Secret first": [{ bundle: undefined, issuer: undefined, mesh: [] }, { issuer: healthyIssuer }],
    "then the ConfigMap": [{ bundle: undefined, mesh: [] }, { bundle: [root] }],
    "the ConfigMap first": [{ bundle: undefined, issuer: undefined, mesh: [] }, { bundle: [root] }],
    "then the Secret": [{ issuer: undefined, mesh: [] }, { issuer: healthyIssuer }],
    "the ConfigMap goes when nobody is meshed": [unmeshed, { bundle: undefined }],
    "the Secret goes with the namespace": [{ terminating: true }, { issuer: undefined }],
  },
};

for (const [promise, writes] of Object.entries(specification)) specify(promise, writes);
