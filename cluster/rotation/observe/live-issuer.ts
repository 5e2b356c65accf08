import type { IssuerSecret } from "../../../trust/facts.ts";
import type { IdentityEvent } from "../../../trust/gather/identity-event.ts";
import { schemeRead } from "../../../trust/gather/issuer-secret.ts";
import { inUseOf } from "../../../trust/rotation/in-use.ts";
import type { LiveIssuer } from "../../../trust/rotation/view.ts";
import type { Fingerprint } from "../../../trust/x509/index.ts";
import type { MeshedPod } from "../workloads/pods.ts";

/** Identity was proven to sign with that issuer since then. */
export interface Evidence {
  readonly issuer: Fingerprint;
  readonly since: Date;
  readonly evidence: string;
}

export interface IssuerSight {
  readonly secret: IssuerSecret | undefined;
  readonly pods: readonly MeshedPod[];
  /** How many pods identity is to have, where its Deployment tells. */
  readonly identities?: number | undefined;
  readonly events: readonly IdentityEvent[];
  /** Oldest first. */
  readonly proofs: readonly Evidence[];
  readonly now: Date;
}

/** The issuer in the Secret, and whether identity signs with it; undefined where identity could not load one. */
export function liveIssuer(sight: IssuerSight): LiveIssuer | undefined {
  const { secret, pods, events, proofs, now } = sight;
  const identities = pods.filter(({ proxy }) => proxy.component === "identity");
  const wanted = identities.find(({ proxy }) => proxy.identity?.scheme !== undefined)?.proxy.identity?.scheme;
  const reading = secret?.readings[schemeRead(secret, wanted)];
  const [certificate, ...intermediates] = reading?.chain ?? [];
  if (certificate === undefined || reading?.chainRefused !== undefined || reading?.key !== "matches")
    return undefined;
  const { fingerprint } = certificate;
  const changedAt = secret?.changedAt;
  const dated = changedAt === undefined ? {} : { changedAt };
  const { inUse, skipped } = inUseOf({
    now,
    fingerprint,
    ...dated,
    pods: identities.map(identityPod),
    ...(sight.identities === undefined ? {} : { replicas: sight.identities }),
    events,
    recorded: proofs.map(({ issuer, since }) => ({ fingerprint: issuer, since })),
  });
  const before = proofs.findLast(
    (one) => one.issuer === fingerprint && one.since.getTime() === inUse?.since.getTime(),
  );
  return {
    certificate,
    intermediates,
    ...dated,
    ...(inUse === undefined ? {} : { inUse: before ?? inUse }),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

function identityPod({ createdAt, readySince, endsBy, graceMs }: MeshedPod) {
  return {
    madeAt: createdAt,
    graceMs,
    ...(readySince === undefined ? {} : { readySince }),
    ...(endsBy === undefined ? {} : { terminatingSince: new Date(endsBy.getTime() - graceMs) }),
  };
}
