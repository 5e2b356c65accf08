import type { Place } from "../manifest/manifest.ts";

/** One thing wrong with the manifests, and where. */
export interface ManifestFinding {
  /** Of the catalogue, of trust/owners, or one of manifestRules. */
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly detail?: string;
  readonly remedy: string;
  readonly docs: string;
  /** "Secret linkerd/linkerd-identity-issuer"; undefined for what is no object. */
  readonly object?: string;
  readonly place: Place;
}

/** What only manifests can get wrong. */
export const manifestRules = {
  "key-not-in-manifest": {
    summary: "no private key stands in a manifest",
    remedy:
      "Take it out, treat it as leaked, and let cert-manager, External Secrets, SealedSecrets or SOPS bring it.",
  },
  "api-server-accepts": {
    summary: "the API server accepts the object",
    remedy: "Correct the field; the guard is not even asked about such an object.",
  },
} as const;

export function manifestDocsOf(id: string): string {
  return `https://github.com/linkerd-certs/linkerd-certs/blob/main/plugin/validate/README.md#${id}`;
}
