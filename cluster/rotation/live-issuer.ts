import type { IssuerSecret } from "../../trust/facts.ts";
import type { LiveIssuer } from "../../trust/rotation/view.ts";
import type { Fingerprint } from "../../trust/x509/index.ts";
import type { IdentityEvent } from "./identity-events.ts";
import type { MeshedPod } from "./pods.ts";

/** Identity was proven to sign with that issuer since then. */
export interface Evidence {
  readonly issuer: Fingerprint;
  readonly since: Date;
  readonly evidence: string;
}

export interface IssuerSight {
  readonly secret: IssuerSecret | undefined;
  readonly pods: readonly MeshedPod[];
  readonly events: readonly IdentityEvent[];
  readonly proofs: readonly Evidence[];
  readonly now: Date;
}

/** The issuer in the Secret, and whether identity signs with it; undefined where identity could not load one. */
export function liveIssuer({ secret, pods, events, proofs }: IssuerSight): LiveIssuer | undefined {
  const identities = pods.filter(({ proxy }) => proxy.component === "identity");
  const wanted = identities.find(({ proxy }) => proxy.identity?.scheme !== undefined)?.proxy.identity?.scheme;
  const readings = secret?.readings;
  const reading =
    (wanted && readings?.[wanted]) ?? readings?.["linkerd.io/tls"] ?? readings?.["kubernetes.io/tls"];
  const [certificate, ...intermediates] = reading?.chain ?? [];
  if (certificate === undefined || reading?.chainRefused !== undefined || reading?.key !== "matches")
    return undefined;
  const changedAt = secret?.changedAt;
  const told = { certificate, intermediates, ...(changedAt === undefined ? {} : { changedAt }) };
  if (changedAt === undefined) return told;
  const recorded = proofs.find(
    ({ issuer, since }) => issuer === certificate.fingerprint && since >= changedAt,
  );
  if (recorded !== undefined) return { ...told, inUse: recorded };
  const after = (reason: IdentityEvent["reason"]) =>
    events.filter((one) => one.reason === reason && one.last >= changedAt);
  const skipped = after("IssuerUpdateSkipped").at(-1);
  const updated = after("IssuerUpdated");
  const count = updated.reduce((sum, one) => sum + (one.first >= changedAt ? one.count : 1), 0);
  if (identities.length > 0 && identities.every(({ createdAt, ready }) => createdAt > changedAt && ready)) {
    const since = new Date(Math.max(...identities.map((pod) => (pod.readySince ?? pod.createdAt).getTime())));
    return { ...told, inUse: { since, evidence: "its pods were made after the Secret was written" } };
  }
  if (updated.length > 0 && count >= identities.length) {
    const since = new Date(Math.max(...updated.map(({ last }) => last.getTime())));
    return { ...told, inUse: { since, evidence: `IssuerUpdated, ${count} times` } };
  }
  return {
    ...told,
    ...(skipped === undefined ? {} : { skipped: { at: skipped.last, message: skipped.message } }),
  };
}
