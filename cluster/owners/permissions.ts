import type { Owner } from "../../trust/owners/owner-of.ts";
import type { Permission } from "../rotation/permissions.ts";
import { previousAnchor } from "./previous-anchor.ts";
import type { CertificateName } from "./renew-certificate.ts";

export interface OwnersNeeds {
  /** Linkerd's own. */
  readonly namespace: string;
  /** Who makes the trust bundle, and the issuer. */
  readonly owners: { readonly bundle: readonly Owner[]; readonly issuer: readonly Owner[] };
  /** Where trust-manager reads its sources. */
  readonly trustNamespace: string;
}

/** What a rotation asks for beside its own needs where trust-manager makes the bundle, or cert-manager the issuer. */
export function ownersPermissions({ namespace, owners, trustNamespace }: OwnersNeeds): Permission[] {
  const bundle = owners.bundle.find(({ kind }) => kind === "trust-manager");
  const issuer = owners.issuer.find(({ kind }) => kind === "cert-manager");
  return [
    ...(bundle === undefined ? [] : bundlePermissions(bundle.name, trustNamespace)),
    ...(issuer === undefined ? [] : renewalPermissions({ namespace, name: issuer.name })),
  ];
}

/** To have cert-manager issue a Certificate anew. */
export function renewalPermissions({ namespace, name }: CertificateName): Permission[] {
  const certificate = { group: "cert-manager.io", resource: "certificates", namespace, name };
  return [
    { verb: "get", ...certificate },
    { verb: "update", ...certificate, subresource: "status" },
  ];
}

/** Both names of the kind are looked at, whichever there is. */
function bundlePermissions(name: string, namespace: string): Permission[] {
  const kinds = [
    { group: "trust.cert-manager.io", resource: "bundles", name },
    { group: "trust-manager.io", resource: "clusterbundles", name },
  ];
  const previous = { group: "", resource: "secrets", namespace, name: previousAnchor };
  return ["get", "patch"].flatMap((verb) => [...kinds, previous].map((what) => ({ verb, ...what })));
}
