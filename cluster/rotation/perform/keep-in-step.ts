import { parseDocument } from "yaml";
import { installConfigName } from "../../../trust/gather/install-config.ts";
import type { ConfigMap, Secret } from "../../../trust/gather/objects.ts";
import { Failure } from "../../failure.ts";
import { fieldManager } from "../kinds.ts";
import type { Meta } from "../objects.ts";
import { type Context, type IssuerMaterial, insistence } from "./context.ts";
import { insist } from "./insist.ts";
import { sentenceOf } from "./write-object.ts";

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
 * What keeps us from it does no harm before that upgrade: it is a warning, and
 * no reason to stop.
 */
export async function keepInStep(written: Written, context: Context): Promise<void> {
  const { namespace } = context;
  const config = `/api/v1/namespaces/${namespace}/configmaps/${installConfigName}`;
  const overrides = `/api/v1/namespaces/${namespace}/secrets/${overridesName}`;
  // The key is for who stores one.
  const each = [
    [
      `ConfigMap ${namespace}/${installConfigName}`,
      () => rewrite<ConfigMap>(config, "values", (text) => inStep(text, written, false), plain, context),
    ],
    [
      `Secret ${namespace}/${overridesName}`,
      () => rewrite<Secret>(overrides, overridesName, (text) => inStep(text, written, true), base64, context),
    ],
  ] as const;
  for (const [what, keep] of each) {
    const why = await keep().catch((error: unknown) => {
      // Nobody knows us any more, or we are to end.
      if (!(error instanceof Failure) || error.status === 401 || context.signal.aborted) throw error;
      return error.message;
    });
    if (why !== undefined) context.warn?.(`${what} is not kept in step: ${why}`, beforeUpgrade);
  }
}

const beforeUpgrade =
  "Mend it and go on, or give the next upgrade what is there now, or it brings the old back: linkerd upgrade --identity-trust-anchors-file, --identity-issuer-certificate-file and --identity-issuer-key-file, or Helm's identityTrustAnchorsPEM and identity.issuer.tls.";

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

/** Undefined where it is in step; otherwise why it is not. */
async function rewrite<T extends ConfigMap | Secret>(
  path: string,
  key: string,
  change: (text: string) => string,
  form: typeof plain,
  context: Context,
): Promise<string | undefined> {
  const { cluster } = context.observer;
  for (let attempt = 0; attempt < 5; attempt++) {
    const seen = await insist(cluster, "GET", path, {}, insistence(context));
    const object = seen.status === 200 ? (seen.body as T & { metadata: Meta }) : undefined; // the path says so
    const stored = object?.data?.[key];
    if (object === undefined || stored === undefined) return undefined;
    const before = form.read(stored);
    const after = change(before);
    if (after === before) return undefined;
    const { resourceVersion } = object.metadata;
    const body = { metadata: { resourceVersion }, data: { [key]: form.write(after) } };
    const options = { contentType: "application/merge-patch+json", body, query: { fieldManager } };
    const answer = await insist(cluster, "PATCH", path, options, insistence(context));
    if (answer.status < 300) return undefined;
    if (answer.status !== 409) return sentenceOf(answer.body, answer.status);
  }
  return "somebody else writes it all the time";
}
