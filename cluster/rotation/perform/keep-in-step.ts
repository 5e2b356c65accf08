import { parseDocument } from "yaml";
import { installConfigName } from "../../../trust/gather/install-config.ts";
import type { ConfigMap, Secret } from "../../../trust/gather/objects.ts";
import { fieldManager } from "../kinds.ts";
import type { Meta } from "../objects.ts";
import { type Context, type IssuerMaterial, insistence } from "./context.ts";
import { insist } from "./insist.ts";

export const overridesName = "linkerd-config-overrides";

export interface Written {
  /** The bundle's text. */
  readonly anchors?: string;
  readonly issuer?: IssuerMaterial;
}

/**
 * What the install remembers, brought in line with what was written, so that
 * the next `linkerd upgrade` or `helm upgrade` brings nothing back: ConfigMap
 * linkerd-config, and Secret linkerd-config-overrides where `linkerd install`
 * made one, which holds the issuer and its key (linkerd2 cli/cmd/upgrade.go).
 * Nothing where the anchors come from outside, or the document is not theirs.
 */
export async function keepInStep(written: Written, context: Context): Promise<void> {
  const { namespace } = context;
  const config = `/api/v1/namespaces/${namespace}/configmaps/${installConfigName}`;
  const overrides = `/api/v1/namespaces/${namespace}/secrets/${overridesName}`;
  // The key is for who stores one.
  await rewrite<ConfigMap>(config, "values", (text) => inStep(text, written, false), plain, context);
  await rewrite<Secret>(overrides, overridesName, (text) => inStep(text, written, true), base64, context);
}

/** The YAML with these values; the same text where there is nothing to change. */
export function inStep(yaml: string, { anchors, issuer }: Written, withKey: boolean): string {
  const document = parseDocument(yaml, { logLevel: "silent" });
  if (document.errors.length > 0) return yaml;
  let changed = false;
  const replace = (path: readonly string[], text: string) => {
    const now: unknown = document.getIn(path);
    // What is not there comes from somewhere else.
    if (typeof now !== "string" || now === "" || now.trim() === text.trim()) return;
    document.setIn(path, text);
    changed = true;
  };
  const external = document.getIn(["identity", "externalCA"]) === true;
  if (anchors !== undefined && !external) replace(["identityTrustAnchorsPEM"], anchors);
  if (issuer !== undefined) {
    replace(["identity", "issuer", "tls", "crtPEM"], issuer.chainPem);
    if (withKey) replace(["identity", "issuer", "tls", "keyPEM"], issuer.keyPem);
  }
  return changed ? document.toString({ lineWidth: 0 }) : yaml;
}

const plain = { read: (text: string) => text, write: (text: string) => text };
const base64 = {
  read: (text: string) => Buffer.from(text, "base64").toString("utf8"),
  write: (text: string) => Buffer.from(text).toString("base64"),
};

async function rewrite<T extends ConfigMap | Secret>(
  path: string,
  key: string,
  change: (text: string) => string,
  form: typeof plain,
  context: Context,
): Promise<void> {
  const { cluster } = context.observer;
  for (let attempt = 0; attempt < 5; attempt++) {
    const seen = await insist(cluster, "GET", path, {}, insistence(context));
    const object = seen.status === 200 ? (seen.body as T & { metadata: Meta }) : undefined; // the path says so
    const stored = object?.data?.[key];
    if (object === undefined || stored === undefined) return;
    const before = form.read(stored);
    const after = change(before);
    if (after === before) return;
    const { resourceVersion } = object.metadata;
    const body = { metadata: { resourceVersion }, data: { [key]: form.write(after) } };
    const options = { contentType: "application/merge-patch+json", body, query: { fieldManager } };
    const { status } = await insist(cluster, "PATCH", path, options, insistence(context));
    if (status !== 409) return;
  }
}
