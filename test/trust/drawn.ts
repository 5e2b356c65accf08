import fc from "fast-check";
import type { ConfigMap } from "../../trust/gather/objects.ts";
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
  mint,
  pemBlock,
  second,
} from "../certificates/index.ts";
import { emptyMesh, healthyIssuer, healthyMesh, root, type State, unseen } from "./facts.ts";
import { annotated, issuerSecret, trustRoots, written } from "./objects.ts";
import { controlPlanePod, identityPod, pod } from "./pods.ts";

export const anchors = {
  root,
  next: anchor("next root"),
  renewed: anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(100 * day) }),
  expired: anchor("expired", { notAfter: after(-day) }),
  "expired too": anchor("expired too", { notAfter: after(-2 * day) }),
  "P-384": anchor("P-384", { keyKind: "P-384" }),
  "not a CA": anchor("not a CA", { basicConstraints: { ca: false } }),
};
const { next, renewed, expired } = anchors;

/** What else may stand in a bundle, before, between and after its anchors. */
export const damages: Readonly<Record<string, string>> = {
  "a damaged block": bundle(root).replace("MII", "M!I"),
  "a damaged block of another": bundle(next).replace("MII", "M!I"),
  "no certificate": pemBlock("CERTIFICATE", Buffer.from("not DER")),
  "a block without END": bundle(next).replace(/-----END.*\n/, ""),
  "unreadable to proxies": bundle(
    anchor("odd", { extensions: [extension("1.3.6.1.4.1.11129.2.4.2", integer(1))] }),
  ),
  "a key": root.keyPem,
  "a blank line": "\n",
  "a comment": "# from the vault\n",
  garbage: "garbage",
};

/** How the ConfigMap is besides: what it says of itself. */
const shapes = ["plain", "nobody recorded the write", "immutable", "labelled"] as const;

const issuers: Readonly<Record<string, State["issuer"]>> = {
  "of root": healthyIssuer,
  "of root, another": issuer(root),
  "of next": issuer(next),
  "of renewed, longer than it": issuer(renewed, { notAfter: after(200 * day) }),
  "of expired": issuer(expired),
  "of expired, expired": issuer(expired, { notAfter: after(-day) }),
  "of root, expired": issuer(root, { notAfter: after(-day) }),
  RSA: issuer(root, { keyKind: "RSA-2048" }),
  "not a CA": issuer(root, { basicConstraints: { ca: false } }),
  "of root, for an hour": issuer(root, { notAfter: after(hour) }),
  "of root, for an hour and no more": issuer(root, { notBefore: after(-hour), notAfter: after(hour) }),
  "of next, for two days": issuer(next, { notBefore: after(-day), notAfter: after(day) }),
  "of renewed, nearly ended": issuer(renewed, { notAfter: after(second) }),
  immutable: { ...issuerSecret(healthyIssuer), immutable: true },
  "a damaged intermediate": issuerSecret(healthyIssuer, "kubernetes.io/tls", {
    "tls.crt": healthyIssuer.pem + bundle(root).replace("MII", "M!I") + root.pem,
  }),
  "of a stranger": issuer(anchor("stranger")),
  "self-signed": mint(undefined, { name: "self", key: keyPair(), basicConstraints: { ca: true } }),
  "another's key": issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": keyPair().pem }),
  "empty Secret": issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": "", "tls.crt": "" }),
  "Linkerd's layout": issuerSecret(healthyIssuer, "linkerd.io/tls"),
  "no Secret": undefined,
};

const again = { createdAt: after(-30 * day), startedAt: after(-hour) };
const meshes: Readonly<Record<string, NonNullable<State["mesh"]>>> = {
  unseen,
  "nothing runs": [],
  "nobody is meshed": emptyMesh,
  "proxies hold root": healthyMesh([root]),
  "proxies hold both": healthyMesh([root, next]),
  "proxies hold next": healthyMesh([next]),
  "containers started again since": [
    identityPod(again),
    controlPlanePod("destination", again),
    pod({ bundle: [root, next], ...again }),
  ],
  "a generation of each": [
    ...healthyMesh([root]),
    pod({ bundle: [root, next], ...again, owner: ["statefulset", "db"] }),
    pod({ bundle: [next], startedAt: after(-second), owner: ["daemonset", "log"] }),
  ],
  "a tenant in disguise": [
    ...healthyMesh([root, next]),
    identityPod({ namespace: "tenant", startedAt: after(-30 * day) }),
    pod({ namespace: "tenant", bundle: [anchor("tenant's")] }),
  ],
  "identity crashes": [identityPod({ crashing: "identity" }), pod({ bundle: [root] })],
  "pods that no node takes": [...emptyMesh, pod({ bundle: [next], phase: "Pending", scheduled: false })],
};

// Drawn are names, so that a counterexample can be read.
export const nameOf = (pool: Readonly<Record<string, unknown>>) => fc.constantFrom(...Object.keys(pool));
const sound = fc.array(nameOf(anchors), { minLength: 1, maxLength: 3 });
const damaged = fc.array(fc.oneof(nameOf(anchors), nameOf(damages)), { maxLength: 4 });
const bundles = fc.oneof(
  { weight: 8, arbitrary: fc.record({ pieces: sound, shape: fc.constantFrom(...shapes) }) },
  { weight: 4, arbitrary: fc.record({ pieces: damaged, shape: fc.constantFrom(...shapes) }) },
  fc.constant("none" as const),
);
export const writes = fc.oneof(fc.record({ bundle: bundles }), fc.record({ issuer: nameOf(issuers) }));
export const starts = fc.record({ bundle: bundles, issuer: nameOf(issuers), mesh: nameOf(meshes) });

interface Bundle {
  readonly pieces: readonly string[];
  readonly shape: (typeof shapes)[number];
}

interface Names {
  readonly bundle?: Bundle | "none";
  readonly issuer?: string;
  readonly mesh?: string;
}

export function named({ bundle, issuer, mesh }: Names, at = written): State {
  return {
    ...(bundle === undefined ? {} : { bundle: bundle === "none" ? undefined : configMap(bundle, at) }),
    ...(issuer === undefined ? {} : { issuer: issuers[issuer] }),
    ...(mesh === undefined ? {} : { mesh: meshes[mesh] ?? unseen }),
  };
}

export function textOf(pieces: readonly string[]): string {
  return pieces.map((name) => damages[name] ?? bundle(anchors[name as keyof typeof anchors])).join("");
}

function configMap({ pieces, shape }: Bundle, at: Date): ConfigMap {
  const object = trustRoots(textOf(pieces), at);
  if (shape === "immutable") return { ...object, immutable: true };
  if (shape === "labelled") return annotated(object, label);
  if (shape === "plain") return object;
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}

export const label = { "example.org/team": "mesh" };
