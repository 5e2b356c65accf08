import { harmless } from "../harmless.ts";
import { asDate } from "./objects.ts";

/** What identity said of its issuer; the same event again is counted. */
export interface IdentityEvent {
  readonly reason: "IssuerUpdated" | "IssuerUpdateSkipped" | "IssuerValidationFailed";
  readonly message: string;
  readonly first: Date;
  readonly last: Date;
  readonly count: number;
}

/** The events to look for, in Linkerd's namespace. */
export const identityEventsSelector = "involvedObject.kind=Deployment,involvedObject.name=linkerd-identity";

const reasons = ["IssuerUpdated", "IssuerUpdateSkipped", "IssuerValidationFailed"] as const;

interface CoreEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string } | null;
  readonly metadata?: { readonly creationTimestamp?: string };
}

/** One of identity's events; undefined for those about something else. */
export function identityEventOf(object: unknown): IdentityEvent | undefined {
  const event = object as CoreEvent; // the path says so
  const reason = reasons.find((one) => one === event.reason);
  const first = dateOf(event.firstTimestamp, event.eventTime, event.metadata?.creationTimestamp);
  const last = dateOf(event.series?.lastObservedTime, event.lastTimestamp) ?? first;
  if (reason === undefined || first === undefined || last === undefined) return undefined;
  const count = event.series?.count ?? event.count ?? 1;
  return { reason, message: harmless(event.message ?? "", 300), first, last, count };
}

function dateOf(...times: readonly (string | null | undefined)[]): Date | undefined {
  return asDate(times.find((time) => typeof time === "string") ?? undefined);
}
