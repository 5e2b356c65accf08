// Facts for tests, made as the webhook makes them: from Kubernetes objects and real certificates,
// through gather(). A healthy mesh unless a state says otherwise:
//   facts()                                     one anchor, its issuer, and proxies that hold both
//   facts({ bundle: [root, stranger] })         spoiled in one place
//   change({ bundle: [a, b] }, { bundle: [b] }) the facts that a write is judged by

import type { Facts, IssuerSeen } from "../../trust/facts.ts";
import { gather } from "../../trust/gather/gather.ts";
import { openInstallConfig } from "../../trust/gather/install-config.ts";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { viewMesh } from "../../trust/gather/mesh.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { type Pod, proxyOf } from "../../trust/gather/proxy.ts";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import { defaultPolicy, type Policy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import { judgeWrite, type WriteVerdict } from "../../trust/write.ts";
import { readBundle } from "../../trust/x509/index.ts";
import * as certificates from "../certificates/index.ts";
import { type Minted, now } from "../certificates/index.ts";
import { issuerSecret, linkerdConfig, trustRoots, written } from "./objects.ts";
import { controlPlanePod, identityPod, pod } from "./pods.ts";

/** Not looked at; undefined is what was looked for and is not there. */
export const unseen = Symbol("unseen");
type Unseen = typeof unseen;

type Seen = readonly [chain: Minted | readonly Minted[], from: Date];

export interface State {
  readonly now?: Date;
  readonly namespace?: string;
  readonly terminating?: boolean;
  readonly bundle?: readonly Minted[] | string | ConfigMap | Unseen | undefined;
  readonly issuer?: Minted | readonly Minted[] | Secret | Unseen | undefined;
  readonly config?: ConfigMap | Unseen;
  readonly mesh?: readonly Pod[] | Unseen;
  /** The issuers that were seen in the Secret, oldest first. */
  readonly seen?: readonly Seen[] | Unseen;
}

export const root = certificates.anchor("root.linkerd.cluster.local", {
  key: certificates.keyPair("P-256", "root"),
});
export const healthyIssuer = certificates.issuer(root, { key: certificates.keyPair("P-256", "issuer") });

/** How messages call a certificate. */
export const called = ({ name, fingerprint }: Minted): string => `"${name}" (${fingerprint.slice(0, 8)})`;

export function facts(state: State = {}, previous?: Facts): Facts {
  const { bundle, issuer, config, mesh, seen, ...rest } = complete(state);
  const namespace = rest.namespace ?? "linkerd";
  return gather({
    now: rest.now ?? now,
    namespace,
    thresholds: defaultPolicy.thresholds,
    terminating: rest.terminating ?? false,
    ...(bundle === unseen ? {} : { trustRoots: openTrustRoots(bundle) }),
    ...(issuer === unseen ? {} : { issuerSecret: openIssuerSecret(issuer) }),
    ...(config === unseen ? {} : { install: openInstallConfig(config) }),
    ...(mesh === unseen ? {} : { mesh: viewMesh(mesh.flatMap((one) => proxyOf(one, namespace) ?? [])) }),
    ...(seen === unseen ? {} : { issuersSeen: seen.map(asSeen) }),
    ...(previous === undefined ? {} : { previous }),
  });
}

/** The facts after a write, with those before it as `previous`. Only what the write names is different. */
export function change(before: State, write: State): Facts {
  const from = complete(before);
  return facts({ ...from, ...complete({ ...from, ...write }, now) }, facts(from));
}

/** What the webhook would say: break-glass is read off the object that is written. */
export function judged(before: State, write: State, policy: Policy = defaultPolicy): WriteVerdict {
  const after = change(before, write);
  const { previous } = after;
  if (previous === undefined) throw new Error("a change has facts before it");
  const side = "bundle" in write ? "trustRoots" : "issuerSecret";
  const written = after[side]?.present === true ? after[side] : previous[side];
  return judgeWrite(rules, previous, after, policy, new Set(written?.override?.rules));
}

/** Every rule that refuses the write; empty where it is allowed. */
export function refusing(before: State, write: State, policy?: Policy): string[] {
  const { allowed, denied } = judged(before, write, policy);
  if (allowed !== (denied.length === 0)) throw new Error("allowed is where nothing is denied");
  return [...new Set(denied.map((finding) => finding.rule.id))];
}

interface Complete extends State {
  readonly bundle: ConfigMap | Unseen | undefined;
  readonly issuer: Secret | Unseen | undefined;
  readonly config: ConfigMap | Unseen;
  readonly mesh: readonly Pod[] | Unseen;
  readonly seen: readonly Seen[] | Unseen;
}

/** Objects in the place of certificates, and a healthy mesh in the place of what is not said. */
export function complete(state: State, writtenAt = written): Complete {
  const { config = linkerdConfig(), seen = [[healthyIssuer, written] as const] } = state;
  const issuer = "issuer" in state ? state.issuer : healthyIssuer;
  const bundle = bundleOf("bundle" in state ? state.bundle : [root], writtenAt);
  const held = typeof bundle === "object" ? bundle.data?.["ca-bundle.crt"] : undefined;
  return {
    ...state,
    bundle,
    issuer: isCertificates(issuer) ? issuerSecret(issuer) : issuer,
    config,
    mesh: state.mesh ?? healthyMesh(held ?? certificates.bundle(root)),
    seen,
  };
}

/** Linkerd's own pods, which have read the bundle, and one workload that was injected with it. */
export function healthyMesh(bundle: readonly Minted[] | string): Pod[] {
  return [identityPod(), controlPlanePod("destination"), pod({ bundle })];
}

/** Linkerd runs, and nobody uses it yet. */
export const emptyMesh = [identityPod(), controlPlanePod("destination")];

function bundleOf(bundle: State["bundle"], writtenAt: Date): Complete["bundle"] {
  if (typeof bundle === "string" || isList(bundle)) return trustRoots(bundle, writtenAt);
  return bundle;
}

// Array.isArray does not tell a readonly array from an object.
const isList = (value: unknown): value is readonly Minted[] => Array.isArray(value);

function isCertificates(issuer: State["issuer"]): issuer is Minted | readonly Minted[] {
  return isList(issuer) || (typeof issuer === "object" && "pem" in issuer);
}

function asSeen([issuer, from]: Seen): IssuerSeen {
  const chain = "pem" in issuer ? [issuer] : issuer;
  return { from, chain: readBundle(certificates.bundle(...chain)).anchors };
}
