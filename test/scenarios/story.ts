import { base64 } from "../base64.ts";
import { bundle } from "../certificates/index.ts";
import { issuerOf, type Manifest, trustRootsOf } from "./manifests.ts";
import type { Material } from "./material.ts";

/** One write in the story of a mesh, and the rule that refuses it; without one it passes. */
export interface Step {
  readonly title: string;
  readonly write: Write;
  readonly refusedBy?: string;
  /** Holds in any mesh: it needs no certificate that the live anchor has signed. */
  readonly anywhere?: true;
}

export type Write =
  | { readonly apply: (m: Material) => Manifest }
  | { readonly delete: "trust-roots" | "issuer" }
  /** Something other than a write happens to the mesh. */
  | { readonly restart: "control plane" | "workloads" };

const allow = (rules: string) => ({
  "linkerd-certs.io/allow": rules,
  "linkerd-certs.io/reason": "shown in the story of the guard",
});

/**
 * A mesh with one anchor, an issuer of it, and meshed workloads meets the mistakes
 * people make, then is rotated to a second anchor in the right order.
 */
export const story: readonly Step[] = [
  {
    title: "a label on the trust bundle",
    write: { apply: (m) => trustRootsOf([m.first], { labels: { team: "platform" } }) },
  },
  { title: "a renewed issuer of the same anchor", write: { apply: (m) => issuerOf(m.renewed) } },
  {
    title: "an empty bundle",
    write: { apply: () => trustRootsOf("") },
    refusedBy: "bundle-present",
    anywhere: true,
  },
  {
    title: "a bundle whose last line is missing",
    write: { apply: (m) => trustRootsOf(m.first.pem.replace(/-----END[^\n]*\n?/, "")) },
    refusedBy: "bundle-reads-whole",
    anywhere: true,
  },
  {
    title: "a comment after the last certificate",
    write: { apply: (m) => trustRootsOf(`${bundle(m.first)}\n# rotated by hand\n`) },
    refusedBy: "bundle-reads-whole",
    anywhere: true,
  },
  {
    title: "two files joined without a line end",
    write: { apply: (m) => trustRootsOf(`${m.first.pem.trimEnd()}${m.second.pem}`) },
    refusedBy: "bundle-reads-whole",
  },
  {
    title: "the anchor's private key, pasted in with it",
    write: { apply: (m) => trustRootsOf(`${m.first.pem}${m.first.keyPem}`) },
    refusedBy: "bundle-holds-no-key",
    anywhere: true,
  },
  {
    title: "the key in base64, in an annotation",
    write: {
      apply: (m) =>
        trustRootsOf([m.first], { annotations: { "example.org/backup": base64(m.first.keyPem) } }),
    },
    refusedBy: "bundle-holds-no-key",
    anywhere: true,
  },
  {
    title: "the whole bundle swapped for a new anchor",
    write: { apply: (m) => trustRootsOf([m.second]) },
    refusedBy: "bundle-overlaps-previous",
    anywhere: true,
  },
  {
    title: "an expired anchor beside the live one",
    write: { apply: (m) => trustRootsOf([m.first, m.expiredAnchor]) },
    refusedBy: "anchor-not-expired",
    anywhere: true,
  },
  {
    title: "an anchor on the curve P-384",
    write: { apply: (m) => trustRootsOf([m.first, m.curveAnchor]) },
    refusedBy: "anchor-algorithm-supported",
    anywhere: true,
  },
  {
    title: "an issuer of an anchor that is not in the bundle",
    write: { apply: (m) => issuerOf(m.foreign) },
    refusedBy: "issuer-chains-to-anchor",
    anywhere: true,
  },
  {
    title: "an issuer with another issuer's key",
    write: { apply: (m) => issuerOf(m.renewed, { keyPem: m.next.keyPem }) },
    refusedBy: "issuer-key-matches",
  },
  {
    title: "a leaf certificate as the issuer",
    write: { apply: (m) => issuerOf(m.leafInstead) },
    refusedBy: "issuer-is-ca",
  },
  {
    title: "an issuer with an RSA key",
    write: { apply: (m) => issuerOf(m.rsa) },
    refusedBy: "issuer-algorithm-supported",
  },
  {
    title: "an issuer under the other scheme's names",
    write: { apply: (m) => issuerOf(m.renewed, { keys: ["tls.crt", "tls.key"] }) },
    refusedBy: "issuer-scheme-matches",
  },
  {
    title: "an issuer that outlives its anchor",
    write: { apply: (m) => issuerOf(m.tooLong) },
    refusedBy: "anchor-outlives-issuer",
  },
  {
    title: "an issuer that has expired",
    write: { apply: (m) => issuerOf(m.expired) },
    refusedBy: "issuer-not-expired",
  },
  {
    title: "an issuer that may not sign this mesh's names",
    write: { apply: (m) => issuerOf(m.constrained) },
    refusedBy: "issuer-allows-trust-domain",
  },
  {
    title: "the trust bundle deleted",
    write: { delete: "trust-roots" },
    refusedBy: "trust-not-deleted",
    anywhere: true,
  },
  {
    title: "the issuer deleted",
    write: { delete: "issuer" },
    refusedBy: "trust-not-deleted",
    anywhere: true,
  },

  { title: "a second anchor beside the first", write: { apply: (m) => trustRootsOf([m.first, m.second]) } },
  {
    title: "an issuer of the second anchor, before anyone was restarted",
    write: { apply: (m) => issuerOf(m.next) },
    refusedBy: "issuer-known-to-identity",
  },
  { title: "the control plane restarts", write: { restart: "control plane" } },
  {
    title: "the same issuer, before the workloads were restarted",
    write: { apply: (m) => issuerOf(m.next) },
    refusedBy: "issuer-trusted-by-proxies",
  },
  { title: "the workloads restart", write: { restart: "workloads" } },
  { title: "the issuer of the second anchor", write: { apply: (m) => issuerOf(m.next) } },
  {
    title: "the first anchor dropped, while leaves of it are in use",
    write: { apply: (m) => trustRootsOf([m.second]) },
    refusedBy: "anchor-in-use-kept",
  },
  {
    title: "the same, let pass on purpose by an annotation",
    write: { apply: (m) => trustRootsOf([m.second], { annotations: allow("anchor-in-use-kept") }) },
  },
];
