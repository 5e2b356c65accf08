import type { Facts, MeshView } from "./facts.ts";
import type { IdentityEvent } from "./gather/identity-event.ts";
import { moment, named } from "./naming.ts";
import type { Certificate } from "./x509/index.ts";

/** What tells of the issuer in use, as far as it was seen. */
export interface SigningSight {
  readonly at: Date;
  readonly facts: Facts;
  /** Where only Linkerd's own namespace could be seen. */
  readonly controlPlane?: MeshView;
  /** Oldest first; undefined where they could not be read. */
  readonly events?: readonly IdentityEvent[];
  /** The certificate that a proxy served when it was asked to, the leaf first. */
  readonly served?: { readonly pod: string; readonly chain: readonly Certificate[] };
}

/** What identity signs with, and how we know: the Secret says only what it should sign with. */
export interface IssuerInUse {
  /**
   * secret: the one in the Secret; older: another than that; none: it refuses
   * to sign; missed: it should have said something and did not; unknown: no
   * evidence either way.
   */
  readonly state: "secret" | "older" | "none" | "missed" | "unknown";
  readonly sentence: string;
  /** "leaf", "start", "event" or "silence": what the sentence rests on. */
  readonly by: "leaf" | "start" | "event" | "silence";
  readonly evidence: string;
  /** With "secret": signing with it is proven from then on. */
  readonly since?: Date;
}

/** A kubelet takes up to two minutes to bring a Secret to its pods. */
const settledMs = 5 * 60_000;
/** API servers keep events for an hour, unless they are told otherwise. */
const eventsMs = 60 * 60_000;

/** By a leaf where one was served; else by when identity's pod was made, by its events, or by their absence. */
export function issuerInUse(seen: SigningSight): IssuerInUse {
  const { facts, events, at } = seen;
  const identity = (facts.mesh ?? seen.controlPlane)?.identity;
  const written = facts.issuerSecret?.changedAt;
  const own = facts.issuer?.certificate;
  if (own === undefined)
    return unknown("the Secret's issuer is not in sight, so there is nothing to compare with");
  if (written === undefined) return unknown("the API server does not say when the Secret was written");
  const byLeaf = fromLeaf(seen, own, written);
  if (byLeaf !== undefined) return byLeaf;
  if (identity === undefined) return unknown("no running identity controller is in sight");

  const since = identity.createdAt > written ? identity.createdAt : written;
  const after = (reason: IdentityEvent["reason"]) =>
    events?.findLast((event) => event.reason === reason && event.last >= since);
  const failed = after("IssuerValidationFailed");
  const updated = after("IssuerUpdated");
  if (failed !== undefined && !(updated !== undefined && updated.last > failed.last))
    return {
      state: "none",
      sentence: "identity refuses to sign: its issuer does not verify",
      by: "event",
      evidence: told(failed),
    };
  const skipped = after("IssuerUpdateSkipped");
  // An install makes both within a second, and a pod waits for its Secret.
  const asMade = facts.issuerSecret?.asMade === true && identity.createdAt.getTime() === written.getTime();
  if (identity.createdAt > written || asMade) {
    const why = notLoaded(seen, identity.createdAt);
    if (why !== undefined) return unknown(why);
    return {
      state: "secret",
      sentence: `identity signs with issuer ${named(own)}, the one in the Secret`,
      by: "start",
      evidence: asMade
        ? `its pod and the Secret were made together, at ${moment(written)}, and nobody has written it since`
        : `its pod was made at ${moment(identity.createdAt)}, after the Secret was written at ${moment(written)}`,
      since: identity.createdAt,
    };
  }
  if (skipped !== undefined)
    return {
      state: "older",
      sentence: `identity skipped issuer ${named(own)} and signs with an older one`,
      by: "event",
      evidence: told(skipped),
    };
  if (updated !== undefined)
    return {
      state: "secret",
      sentence: `identity signs with issuer ${named(own)}, the one in the Secret`,
      by: "event",
      evidence: told(updated),
      since: updated.last,
    };
  return fromSilence(at.getTime() - written.getTime(), own, events !== undefined);
}

// Identity that starts with such a Secret ends at once; rules say what is wrong with it.
function notLoaded({ facts, at }: SigningSight, createdAt: Date): string | undefined {
  const { issuer, trustRoots } = facts;
  if (issuer === undefined) return undefined;
  if (issuer.certificate.notAfter < at) return "the issuer in the Secret has expired, and signs nothing";
  if (issuer.key !== "matches") return "the issuer in the Secret cannot sign";
  // It may have started with a bundle that verified it.
  const sameBundle = trustRoots?.changedAt === undefined || trustRoots.changedAt < createdAt;
  return issuer.byIdentity?.ok === false && sameBundle
    ? "identity does not start with the issuer in the Secret"
    : undefined;
}

function fromLeaf({ served }: SigningSight, own: Certificate, written: Date): IssuerInUse | undefined {
  const [leaf, signer] = served?.chain ?? [];
  if (served === undefined || leaf === undefined) return undefined;
  const evidence = `the certificate that ${served.pod} serves was signed at ${moment(leaf.notBefore)}`;
  const same =
    signer === undefined
      ? leaf.authorityKeyId !== undefined && leaf.authorityKeyId === own.subjectKeyId
      : signer.fingerprint === own.fingerprint;
  if (same)
    return {
      state: "secret",
      sentence: `identity signs with issuer ${named(own)}, the one in the Secret`,
      by: "leaf",
      evidence: `${evidence}, by it`,
      since: leaf.notBefore > written ? leaf.notBefore : written,
    };
  // Signed before the issuer changed, it says nothing of today.
  if (leaf.notBefore.getTime() < written.getTime() + settledMs) return undefined;
  const other = signer === undefined ? "another issuer" : `issuer ${named(signer)}`;
  return {
    state: "older",
    sentence: `identity signs with ${other}, not with issuer ${named(own)} of the Secret`,
    by: "leaf",
    evidence,
  };
}

function fromSilence(age: number, own: Certificate, listened: boolean): IssuerInUse {
  if (listened && age > settledMs && age < eventsMs)
    return {
      state: "missed",
      sentence: `nothing shows that identity took up issuer ${named(own)} of the Secret`,
      by: "silence",
      evidence: "the Secret was written after identity started, and no IssuerUpdated event followed",
    };
  if (!listened) return unknown("the Secret was written after identity started, and events cannot be read");
  return unknown(
    age <= settledMs
      ? "the Secret was written a moment ago"
      : "the Secret was written after identity started, and events are kept for an hour only",
  );
}

function unknown(evidence: string): IssuerInUse {
  return { state: "unknown", sentence: "what identity signs with cannot be told", by: "silence", evidence };
}

function told({ reason, message, last }: IdentityEvent): string {
  return `event ${reason} at ${moment(last)}: ${message}`;
}
