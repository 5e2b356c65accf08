// What a reviewer tried: issuers that end sooner, objects for ever, pods of tenants, a mesh out of sight.
import { after, anchor, bundle, day, hour, issuer, keyPair } from "../certificates/index.ts";
import { healthyIssuer, root, type State, unseen } from "./facts.ts";
import { annotated, issuerSecret, trustRoots } from "./objects.ts";
import { identityArgs, identityPod, pod } from "./pods.ts";
import { specify, type Writes } from "./specification.ts";

const next = anchor("next root");
const nextIssuer = issuer(next);
const text = bundle(root);
const labelled = (object: ReturnType<typeof trustRoots>) => annotated(object, { "example.org/team": "mesh" });
const wrongKey = issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": keyPair().pem });
const lasting = (left: number) => issuer(root, { notAfter: after(left) });
const short = anchor("short", { notAfter: after(10 * day) });
const underShort = (end: number, start = 0) =>
  issuer(short, { notBefore: after(start - day), notAfter: after(end) });
const meshOfBoth = [identityPod(), pod({ bundle: [root, next] })];
const healthy: State = {};
const rotating: State = { bundle: [root, next] };

const specification: Record<string, Writes> = {
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
};

for (const [promise, writes] of Object.entries(specification)) specify(promise, writes);
