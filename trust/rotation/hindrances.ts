import { moment, named } from "../naming.ts";
import { identityOf } from "./control-plane.ts";
import type { AnchorGoal } from "./goal.ts";
import { notTaken } from "./issuer-proof.ts";
import { nothing, type Part, part } from "./part.ts";
import type { Block } from "./plan.ts";
import { chains, type Sight } from "./sight.ts";
import type { Stage } from "./stage.ts";
import { everybodyHolds } from "./stage-of.ts";
import type { RotationView } from "./view.ts";

const recover = "Nothing of this mesh can be renewed in good order: use `recover expired`.";

/** What stands in the way of any step at all, whatever the stage's own work is. */
export function hindrances(view: RotationView, goal: AnchorGoal, sight: Sight, stage: Stage): Part {
  if (view.bundle === undefined)
    return blocked("ConfigMap linkerd-identity-trust-roots is missing, or identity would refuse it", recover);
  const identity = withoutIdentity(view);
  if (identity !== undefined) return identity;
  if (stage === "overlapping" && sight.missing.length === 0 && view.bundle.changedAt === undefined)
    return blocked(
      "the API server does not record when the trust bundle was changed, so nobody can tell who has read it",
      "Write the ConfigMap again with its data changed, for example with a comment line before the first certificate.",
    );
  const issuer = aboutIssuer(view, goal, sight, stage);
  return issuer === undefined ? nothing : part({ blocks: [issuer] });
}

/** Identity does not run: there is nobody who could sign. A node that is lost takes its pods before anybody says so. */
export function withoutIdentity(view: RotationView): Part | undefined {
  const identity = identityOf(view);
  if (identity?.oldestPodAt !== undefined) return undefined;
  if (identity !== undefined && identity.rollout.state !== "failed" && identity.rollout.desired > 0)
    return part({ waits: [{ what: `a pod of ${identity.workload}`, workload: identity.workload }] });
  return blocked("no identity controller is running", `Bring it up first. ${recover}`);
}

function aboutIssuer(view: RotationView, goal: AnchorGoal, sight: Sight, stage: Stage): Block | undefined {
  const { issuer, now } = view;
  if (issuer === undefined) {
    // Where everybody trusts the incoming anchor, the next step writes one.
    if (stage === "overlapped" || everybodyHolds(view, sight)) return undefined;
    return {
      what: "Secret linkerd-identity-issuer is missing or unreadable: an identity pod that starts now fails",
      remedy: "Put the issuer that was in it back: identity has it in memory only.",
    };
  }
  const { certificate, skipped, inUse } = issuer;
  if (certificate.notAfter < now && stage !== "overlapped")
    return {
      what: `issuer ${named(certificate)} expired at ${moment(certificate.notAfter)}`,
      remedy: recover,
    };
  if (sight.issuer === "other") return stranger(view, goal);
  // Before it has read the incoming anchor it could not but skip it.
  if (skipped === undefined || inUse !== undefined) return undefined;
  if (sight.issuer === "incoming" && stage === "overlapping") return undefined;
  // On the way back the next step writes the one before.
  if (sight.issuer !== "incoming" && (stage === "overlapped" || everybodyHolds(view, sight)))
    return undefined;
  return notTaken(issuer, skipped, view);
}

function stranger({ issuer, bundle, now }: RotationView, { outgoing }: AnchorGoal): Block | undefined {
  if (issuer === undefined) return undefined;
  const name = named(issuer.certificate);
  const third = (bundle?.anchors ?? []).find((one) => chains(issuer, [one], now));
  if (third !== undefined)
    return {
      what: `issuer ${name} chains to ${named(third)}, which this rotation neither brings nor takes away`,
      remedy: "Name that anchor among the outgoing ones, or put an issuer of this rotation in its place.",
    };
  const expired = outgoing.find((one) => one.notAfter < now);
  if (expired !== undefined)
    return { what: `anchor ${named(expired)} expired at ${moment(expired.notAfter)}`, remedy: recover };
  return {
    what: `issuer ${name} chains to no anchor of this mesh`,
    remedy: "Put the issuer that identity signs with back; identity has it in memory only.",
  };
}

const blocked = (what: string, remedy: string): Part => part({ blocks: [{ what, remedy }] });
