import type { IdentityEvent } from "../gather/identity-event.ts";
import { moment } from "../naming.ts";
import type { Fingerprint } from "../x509/index.ts";
import type { LiveIssuer } from "./view.ts";

/** What is known of who signs with the issuer in the Secret. Times by the API server's clock. */
export interface IssuerSigns {
  readonly now: Date;
  /** The issuer in the Secret. */
  readonly fingerprint: Fingerprint;
  /** When the Secret's data was last written; undefined where the API server does not record it. */
  readonly changedAt?: Date;
  readonly pods: readonly IdentityPod[];
  /** How many of them there are to be, where that is known. */
  readonly replicas?: number;
  /** Events on Deployment linkerd-identity with reason IssuerUpdated or IssuerUpdateSkipped. */
  readonly events: readonly IdentityEvent[];
  /** What the journal says was proven before, oldest first. */
  readonly recorded: readonly { readonly fingerprint: Fingerprint; readonly since: Date }[];
}

export interface IdentityPod {
  readonly madeAt: Date;
  /** Its identity container is ready since then; undefined while it is not. */
  readonly readySince?: Date;
  /** It is on its way out since then, and may sign until its grace period is over. */
  readonly terminatingSince?: Date;
  /** In milliseconds. */
  readonly graceMs: number;
}

/**
 * Whether identity is proven to sign with the issuer in the Secret, and since
 * when: every replica has said so since the write, or every replica was made
 * after it. Identity reads the issuer live, and says IssuerUpdated (linkerd2
 * pkg/identity/service.go); a pod made after the write reads it as it starts.
 * Without a proof: the last word of a replica that does not take it.
 */
export function inUseOf(known: IssuerSigns): Pick<LiveIssuer, "inUse" | "skipped"> {
  const { fingerprint, changedAt } = known;
  if (changedAt === undefined) return {};
  const before = known.recorded.findLast((one) => one.fingerprint === fingerprint && one.since >= changedAt);
  if (before !== undefined) {
    return { inUse: { since: before.since, evidence: "recorded in the journal when it was proven" } };
  }
  const inUse = earlier(fromPods(known, changedAt), fromEvents(known, changedAt));
  if (inUse !== undefined) return { inUse };
  const skipped = known.events
    .filter(({ reason, last }) => reason === "IssuerUpdateSkipped" && last >= changedAt)
    .sort((a, b) => Number(a.last) - Number(b.last))
    .at(-1);
  return skipped === undefined ? {} : { skipped: { at: skipped.last, message: skipped.message } };
}

/** The controller may take its time to end an old pod: as long as another instance of it needs to take over, and more. */
const controllerMs = 5 * 60_000;

type Proof = NonNullable<LiveIssuer["inUse"]>;

function fromPods(known: IssuerSigns, changedAt: Date): Proof | undefined {
  const gone = oldOnesGone(known);
  if (gone === undefined || !known.pods.every(({ madeAt }) => madeAt > changedAt)) return undefined;
  // While one is missing it may have been an old one, gone a moment ago; its replacement dates that.
  if (known.pods.length < (known.replicas ?? 0)) return undefined;
  return {
    since: gone,
    evidence: `all its pods were made after the Secret was written at ${moment(changedAt)}`,
  };
}

/** Since when none signs but those that are there. They are gone by now; where nobody looked, once the last new one was ready. */
function oldOnesGone({ pods, now }: IssuerSigns): Date | undefined {
  const ready = pods.flatMap(({ readySince, terminatingSince }) =>
    terminatingSince === undefined && readySince !== undefined ? [readySince.getTime()] : [],
  );
  if (ready.length === 0) return undefined;
  const grace = Math.max(...pods.map(({ graceMs }) => graceMs));
  return new Date(Math.min(now.getTime(), Math.max(...ready) + controllerMs + grace));
}

// An Event belongs to one replica, which counts there how often it said the same, maybe since before the write.
// No Event tells which: so each pod made since may stand for one that spoke and is gone. Times are whole
// seconds: what bears the second of the write itself may have come before it.
function fromEvents(known: IssuerSigns, changedAt: Date): Proof | undefined {
  const { pods, events } = known;
  const older = pods.filter(({ madeAt }) => madeAt <= changedAt).length;
  const updates = events.filter(({ reason, last }) => reason === "IssuerUpdated" && isAfter(last, changedAt));
  const said = updates.reduce((sum, { count, first }) => sum + (isAfter(first, changedAt) ? count : 1), 0);
  const skips = events.some(({ reason, last }) => reason === "IssuerUpdateSkipped" && last >= changedAt);
  // One that is missing may have spoken, and not its replacement.
  const replicas = Math.max(pods.length, known.replicas ?? 0);
  if (older === 0 || said < replicas || skips) return undefined;
  const last = new Date(Math.max(...updates.map((one) => one.last.getTime())));
  const who = older === 1 ? "identity" : `${older} replicas of identity`;
  const gone = oldOnesGone(known) ?? last;
  return {
    since: gone > last ? gone : last,
    evidence: `IssuerUpdated by ${who}, the last at ${moment(last)}`,
  };
}

const isAfter = (one: Date, other: Date): boolean =>
  Math.floor(Number(one) / 1000) > Math.floor(Number(other) / 1000);

function earlier(a: Proof | undefined, b: Proof | undefined): Proof | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.since <= b.since ? a : b;
}
