import type { SecretData } from "./state.ts";

/** As much of the API server as the self-managed certificate uses. What keeps it from answering is thrown. */
export interface ServingApi {
  /** Undefined where there is no such Secret. Not from a cache. */
  readSecret(): Promise<SecretSeen | undefined>;
  /** Replaces the data of the Secret that was seen, unless somebody else has written it since. */
  updateSecret(seen: SecretSeen, data: SecretData): Promise<Written>;
  /** Undefined where there is no such ValidatingWebhookConfiguration. Not from a cache. */
  readConfiguration(): Promise<ConfigurationSeen | undefined>;
  /** Sets the caBundle of every webhook, unless somebody else has written the configuration since. */
  patchCaBundle(seen: ConfigurationSeen, pem: string): Promise<Written>;
  /** Tells when either may have changed; gives back how to end that. May tell too often, and may miss something. */
  watch?(changed: () => void): () => void;
}

export type Written = "written" | "conflict";

export interface SecretSeen {
  readonly data: SecretData;
  /** The object as it was read. */
  readonly object: unknown;
}

export interface ConfigurationSeen {
  readonly resourceVersion: string;
  readonly webhooks: readonly { readonly name: string; readonly caBundle: string }[];
}
