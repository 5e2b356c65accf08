import type { ObjectMeta, Secret } from "../../trust/gather/objects.ts";
import { ownersOf } from "../../trust/owners/owner-of.ts";
import { type Certificate, certificatePem, readBundle } from "../../trust/x509/index.ts";
import type { Cluster } from "../connect.ts";
import { readOne } from "../read.ts";
import { trustNamespaceOf } from "./trust-namespace.ts";

/** Linkerd's documentation keeps the anchor before in a Secret of this name, and copies the new one over it in the end. */
export const previousAnchor = "linkerd-previous-anchor";

/**
 * Lets the documented copy of the previous anchor hold one that stays, where it
 * holds one that is dropped. The copy's key goes with it: nobody needs it, and
 * it would not fit. Nothing where there is no such copy, or somebody else keeps it.
 */
export async function passOnPreviousAnchor(
  cluster: Cluster,
  { drops, anchors }: { readonly drops: readonly Certificate[]; readonly anchors: readonly Certificate[] },
  signal: AbortSignal,
): Promise<void> {
  const [stays] = anchors;
  if (stays === undefined) return;
  const namespace = await trustNamespaceOf(cluster, signal);
  const path = `/api/v1/namespaces/${namespace}/secrets/${previousAnchor}`;
  const seen = await readOne(cluster, path, { signal });
  const secret = seen as (Secret & { metadata: ObjectMeta & { resourceVersion: string } }) | undefined; // the path says so
  if (secret === undefined || ownersOf(secret.metadata).length > 0) return;
  const { data = {}, metadata } = secret;
  const held = readBundle(Buffer.from(data["tls.crt"] ?? "", "base64")).anchors;
  const dropped = new Set(drops.map(({ fingerprint }) => fingerprint));
  if (!held.some(({ fingerprint }) => dropped.has(fingerprint))) return;
  const text = Buffer.from(certificatePem(stays)).toString("base64");
  // Of type kubernetes.io/tls a Secret must keep its key's name.
  const key = "tls.key" in data ? { "tls.key": "" } : {};
  const authority = "ca.crt" in data ? { "ca.crt": text } : {};
  const { resourceVersion } = metadata;
  await cluster.request("PATCH", path, {
    body: { metadata: { resourceVersion }, data: { "tls.crt": text, ...key, ...authority } },
    contentType: "application/merge-patch+json",
    query: { fieldManager: "linkerd-certs" },
    signal,
  });
}
