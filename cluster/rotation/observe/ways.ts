import type { ObjectMeta } from "../../../trust/gather/objects.ts";
import { type OwnerKind, ownersOf } from "../../../trust/owners/owner-of.ts";
import type { Way } from "../../../trust/rotation/view.ts";

const acting: readonly OwnerKind[] = ["trust-manager", "cert-manager"];
const committing: readonly OwnerKind[] = ["argo-cd", "flux"];

/**
 * How an object is written: through who makes it, by a commit where somebody
 * would write it back at once, else by us. Helm and `linkerd upgrade` write it
 * back at the next upgrade only; what they remember is kept in step.
 */
export function wayOf(meta: ObjectMeta | undefined): Way {
  for (const { kind, name, evidence } of ownersOf(meta)) {
    const owner = `${words[kind]} ${name}`;
    if (acting.includes(kind)) return { by: "owner", owner };
    if (committing.includes(kind))
      return {
        by: "commit",
        owner,
        remedy: `Commit it where ${owner} reads (${evidence}): rotate anchor --emit-manifests DIR writes what to commit.`,
      };
  }
  return { by: "us" };
}

const words: Readonly<Record<OwnerKind, string>> = {
  "trust-manager": "trust-manager's Bundle",
  "cert-manager": "cert-manager's Certificate",
  "argo-cd": "Argo CD's Application",
  flux: "Flux's",
  helm: "Helm release",
  "linkerd-cli": "linkerd",
};
