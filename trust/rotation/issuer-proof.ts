import { named } from "../naming.ts";
import { identityOf, refreshControlPlane } from "./control-plane.ts";
import { nothing, type Part, part } from "./part.ts";
import type { Block } from "./plan.ts";
import type { LiveIssuer, RotationView } from "./view.ts";

/** The kubelet brings a changed Secret within about a minute; later it was missed (linkerd2#15109), and identity is restarted. */
const patienceMs = 120_000;

/** Nothing where identity is proven to sign with the issuer in the Secret; otherwise what brings the proof about. */
export function inUse(view: RotationView): Part {
  const { issuer, now } = view;
  if (issuer === undefined || issuer.inUse !== undefined) return nothing;
  const { certificate, changedAt, skipped } = issuer;
  const name = named(certificate);
  if (skipped !== undefined) return part({ blocks: [notTaken(issuer, skipped, view)] });
  const identity = identityOf(view);
  if (changedAt === undefined)
    return part({
      blocks: [
        {
          what: `the API server does not record when issuer ${name} was written, so nobody can tell who signs with it`,
          remedy: "Write the issuer again.",
        },
      ],
    });
  const until = new Date(changedAt.getTime() + patienceMs);
  const fresh = identity?.oldestPodAt !== undefined && identity.oldestPodAt > changedAt;
  if (now <= until || fresh || identity === undefined) {
    const wait = { what: `identity to say that it signs with ${name}` };
    const whose = identity === undefined ? {} : { workload: identity.workload };
    return part({ waits: [{ ...wait, ...whose, ...(now <= until ? { until } : {}) }] });
  }
  const why = `it has not said for two minutes that it signs with ${name}`;
  return refreshControlPlane([identity], { stale: () => true, why });
}

/** Identity said that it does not take the issuer; the way back is named where there is one. */
export function notTaken(
  { certificate }: LiveIssuer,
  { message }: NonNullable<LiveIssuer["skipped"]>,
  { keepsPrevious }: RotationView,
): Block {
  const back = keepsPrevious ? ", or go back to the one before: rotate rollback" : "";
  return {
    what: `identity did not take issuer ${named(certificate)}: ${message}`,
    remedy: `Mend what it says and write the issuer again${back}.`,
  };
}
