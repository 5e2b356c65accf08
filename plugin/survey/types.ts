import type { Facts, MeshView } from "../../trust/facts.ts";
import type { IdentityEvent } from "../../trust/gather/identity-event.ts";
import type { Owner } from "../../trust/owners/owner-of.ts";
import type { Certificate } from "../../trust/x509/index.ts";

/**
 * What was seen of a cluster's trust at one moment: pure data, no private key
 * in it. Whatever could not be read is in `unreadable`, and is not guessed.
 */
export interface Survey {
  /** The context asked for; undefined for the current one. */
  readonly context?: string;
  /** For people: 'context "kind-dev", https://127.0.0.1:6443'. */
  readonly cluster: string;
  readonly at: Date;
  /** Linkerd's own namespace. */
  readonly namespace: string;
  /** What the rules are asked about. `facts.mesh` is there only where every pod could be seen. */
  readonly facts: Facts;
  /** Where only Linkerd's own namespace could be seen: its pods, which are no picture of the mesh. */
  readonly controlPlane?: MeshView;
  /** The bundles that injected proxies hold, by the workloads that own them; the most widely held first. */
  readonly holdings: readonly Holding[];
  /** When each running proxy started, the control plane's too; undefined where its pod does not say. */
  readonly starts: readonly { readonly workload: string; readonly at: Date | undefined }[];
  /** Every place where anchors live, the one that counts first. */
  readonly places: readonly Place[];
  /** The control plane's three, and the guard's where it is installed. */
  readonly webhooks: readonly WebhookCertificate[];
  /** What identity said of its issuer, oldest first; undefined where events could not be read. */
  readonly events?: readonly IdentityEvent[];
  /** What cert-manager will do; empty where it is not there. */
  readonly renewals: readonly Renewal[];
  /** The certificate that a proxy served when it was asked to. */
  readonly served?: ServedLeaf;
  readonly unreadable: readonly Unreadable[];
}

export interface Holding {
  /** As HeldBundle.id. */
  readonly id: string;
  readonly anchors: readonly Certificate[];
  /** Holds every anchor of the live bundle. Undefined without one. */
  readonly current?: boolean;
  readonly proxies: number;
  /** Sorted by name: "emojivoto/deploy/web". */
  readonly workloads: readonly { readonly name: string; readonly proxies: number }[];
}

export interface Place {
  /** "ConfigMap linkerd/linkerd-identity-trust-roots, ca-bundle.crt". */
  readonly what: string;
  readonly role: PlaceRole;
  /** Who reads it and when, in words. */
  readonly readBy: string;
  readonly state: "present" | "absent" | "unreadable";
  readonly anchors: readonly Certificate[];
  /** Why Linkerd would not read the text. */
  readonly refused?: string;
  /** Against the live bundle, by name and key. Empty for the live bundle itself, and without one. */
  readonly lacks: readonly Certificate[];
  readonly adds: readonly Certificate[];
  /** Who writes the object again, over what others write there. */
  readonly owners: readonly Owner[];
}

/**
 * live: what proxies are given; stored: what the next upgrade writes; source:
 * what trust-manager makes the bundle of; copy: read by command-line tools only.
 */
export type PlaceRole = "live" | "stored" | "source" | "copy";

export interface WebhookCertificate {
  /** "proxy-injector", "sp-validator", "policy-validator", "linkerd-certs". */
  readonly name: string;
  /** "MutatingWebhookConfiguration linkerd-proxy-injector-webhook-config". */
  readonly configuration: string;
  /** "Secret linkerd/linkerd-proxy-injector-k8s-tls". */
  readonly secret: string;
  /** "Fail" or "Ignore": what the API server does while the webhook does not answer. */
  readonly failurePolicy: string;
  /** The certificate that it serves, where the Secret could be read. */
  readonly certificate?: Certificate;
  /** What is wrong with it now, in words; empty where the API server accepts it. */
  readonly problems: readonly string[];
  /** Whether the Secret was looked at: a webhook may get its certificate elsewhere. */
  readonly seen: boolean;
  /** Who renews it unasked; undefined where somebody has to. */
  readonly renewedBy?: "itself" | "cert-manager";
}

export interface Renewal {
  /** "Certificate linkerd/linkerd-identity-issuer". */
  readonly what: string;
  readonly of: "issuer" | "anchor";
  readonly at?: Date;
  readonly ready: boolean;
}

export interface ServedLeaf {
  /** "emojivoto/web-6c9f…". */
  readonly pod: string;
  /** The leaf first. */
  readonly chain: readonly Certificate[];
}

export interface Unreadable {
  /** "Secret linkerd/linkerd-identity-issuer". */
  readonly what: string;
  readonly reason: string;
  /** One instruction. For a missing permission: the verb and the resource, and for whom. */
  readonly hint: string;
  /** Something a rule is about, rather than an aside. */
  readonly core: boolean;
}
