// The verdict on a write. A write is refused only for an error that it introduces.
import { after, anchor, bundle, day, issuer, keyPair, second } from "../certificates/index.ts";
import { emptyMesh, healthyIssuer, root, type State } from "./facts.ts";
import { annotated, issuerSecret, trustRoots } from "./objects.ts";
import { identityPod, pod } from "./pods.ts";
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
