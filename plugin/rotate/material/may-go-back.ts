import { anchorsOfAuthority, signingAuthority } from "../../../cluster/owners/signing-authority.ts";
import { few, named } from "../../../trust/naming.ts";
import { chains } from "../../../trust/rotation/sight.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import type { World } from "../../world.ts";
import { Refused } from "../goals.ts";
import type { Seat } from "../seat.ts";

/**
 * For a way back where cert-manager makes the issuer: that it would sign with an
 * anchor that is gone back to. Throws a Failure where it is seen to sign with
 * another, before anything is written.
 */
export async function insistSignsWith(
  { name, cluster, trust }: Seat,
  anchors: readonly Certificate[],
  namespace: string,
  world: World,
): Promise<void> {
  const owner = trust.owners.issuer.find(({ kind }) => kind === "cert-manager");
  const now = world.clock();
  if (owner === undefined || chains(trust.issuer, anchors, now)) return;
  const authority = await signingAuthority(cluster, { namespace, name: owner.name }, world.interrupted);
  if (authority === undefined || anchorsOfAuthority(authority, anchors, now).length > 0) return;
  throw new Refused(
    `cert-manager in ${name} signs with ${named(authority.certificate)} of ${authority.secret}, and not with ${few(anchors.map(named))}`,
    `Put the old anchor, with its key, back into ${authority.secret}, then again: rotate rollback. Where its key is not kept, there is no way back: rotate anchor.`,
  );
}
