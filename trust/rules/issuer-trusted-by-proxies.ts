import type { Facts, HeldBundle } from "../facts.ts";
import { sameAnchor, signersOf, works } from "../judgements.ts";
import { few, named } from "../naming.ts";
import { defineRule, type FoundMore } from "../rule.ts";

// Injected proxies hold the anchors they were injected with until their pod is made anew. Proxies of
// the control plane read the bundle when their container starts.
export default defineRule({
  id: "issuer-trusted-by-proxies",
  severity: "deny",
  summary: "every running proxy trusts the issuer",
  breaks: "Proxies refuse the leaves it signs: requests fail from the first pod that gets one.",
  remedy: "Restart the workloads that hold an older bundle, then write the issuer.",
  needs: ["issuer", "mesh"],
  follows: ["issuer-is-ca", "issuer-algorithm-supported", "issuer-chains-to-anchor"],

  check(facts) {
    const { issuer, mesh, previous, now } = facts;
    // Where the mesh had no working issuer this write may be the cure: it is warned about, and not refused.
    const nothingToLose = previous !== undefined && !works(previous.issuer, now);
    const refusing = mesh.held.filter((held) => held.acceptsIssuer?.ok === false);
    const found = [
      ...refusing.map(
        (held): FoundMore => ({
          message: `proxies that hold bundle ${held.id} do not trust the issuer`,
          detail: `issuer ${named(issuer.certificate)}; restart ${few(held.workloads)}`,
          ...(previous !== undefined && isForeign(held, facts, previous) ? { severity: "warn" } : {}),
        }),
      ),
      ...staleControlPlane(facts),
    ];
    return nothingToLose ? found.map((one) => ({ ...one, severity: "warn" as const })) : found;
  },
});

// A bundle of nothing that this mesh trusts was cut off before this write, and anyone may label a pod. Where
// the mesh's own bundle is lost, those that trust the issuer so far are still its own.
function isForeign(held: HeldBundle, { bundle }: Facts, previous: Facts): boolean {
  // Where no bundle tells what is ours, who trusted the issuer so far is.
  const before = previous.mesh?.held.find((one) => one.id === held.id);
  if (previous.bundle === undefined && before?.acceptsIssuer?.ok === true) return false;
  const ours = [
    ...(bundle?.anchors ?? []),
    ...(previous.bundle?.anchors ?? []),
    ...signersOf(previous.issuer),
  ];
  return !held.anchors.some((one) => ours.some((anchor) => sameAnchor(one, anchor)));
}

function staleControlPlane({ issuer, previous, mesh, trustRoots }: Facts): FoundMore[] {
  const changedAt = trustRoots?.changedAt;
  const old = previous?.issuer;
  if (issuer === undefined || old === undefined) return [];
  if (old.certificate.fingerprint === issuer.certificate.fingerprint) return [];
  const signers = signersOf(issuer);
  // Without a chain another rule speaks.
  if (signers.length === 0) return [];
  if (signersOf(old).some((known) => signers.some((signer) => sameAnchor(known, signer)))) return [];
  return (mesh?.controlPlane ?? [])
    .filter(({ createdAt }) => changedAt === undefined || createdAt <= changedAt)
    .map(({ workload }) => ({
      message: `${workload} started before the trust bundle last changed, so its proxy may not trust issuer ${named(issuer.certificate)}`,
      detail: `restart ${workload}`,
    }));
}
