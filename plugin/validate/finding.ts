import { pageUrl } from "../../trust/pages.ts";
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
    severity: "deny",
    summary: "no private key stands in a manifest",
    breaks: "Whoever can read the file, or the history of its repository, can sign in the mesh's name.",
    remedy:
      "Take it out, treat it as leaked, and let cert-manager, External Secrets, SealedSecrets or SOPS bring it.",
  },
  "api-server-accepts": {
    severity: "deny",
    summary: "the API server accepts the object",
    breaks: "The write fails, and whatever was to be applied after it may not come.",
    remedy: "Correct the field; the guard is not even asked about such an object.",
  },
} as const;

/** Of files rather than of objects: nothing in them can be told apart, so it is never ignored. */
export const manifestReadable = {
  "manifest-readable": {
    severity: "deny",
    summary: "the manifest can be read",
    breaks: "Nothing in it was looked at, and kubectl would not take it either.",
    remedy: "Correct it, or leave it out.",
  },
} as const;

export function manifestDocsOf(id: string): string {
  return pageUrl("plugin/validate/README.md", id);
}
