import { asDate } from "../../trust/gather/objects.ts";
import type { Look } from "./look.ts";
import type { IdentityEvent } from "./types.ts";

const reasons = ["IssuerUpdated", "IssuerUpdateSkipped", "IssuerValidationFailed"] as const;

/** What identity said of its issuer in the last hour or so: an API server keeps events no longer. */
export async function readEvents(look: Look, namespace: string): Promise<IdentityEvent[] | undefined> {
  const seen = await look.all(`Events of ${namespace}`, `/api/v1/namespaces/${namespace}/events`, {
    query: { fieldSelector: "involvedObject.kind=Deployment,involvedObject.name=linkerd-identity" },
    project: (object) => eventOf(object as CoreEvent), // the path says so
    importance: "aside",
  });
  return seen?.value.toSorted(
    (a, b) => a.last.getTime() - b.last.getTime() || (a.reason < b.reason ? -1 : 1),
  );
}

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

function eventOf(event: CoreEvent): IdentityEvent | undefined {
  const reason = reasons.find((one) => one === event.reason);
  const first = dateOf(event.firstTimestamp, event.eventTime, event.metadata?.creationTimestamp);
  const last = dateOf(event.series?.lastObservedTime, event.lastTimestamp) ?? first;
  if (reason === undefined || first === undefined || last === undefined) return undefined;
  const count = event.series?.count ?? event.count ?? 1;
  return { reason, message: oneLine(event.message ?? ""), first, last, count };
}

function dateOf(...times: readonly (string | null | undefined)[]): Date | undefined {
  return asDate(times.find((time) => typeof time === "string") ?? undefined);
}

// It ends on terminals and in logs, whatever wrote it.
function oneLine(text: string): string {
  const line = text.replace(/[^\x20-\x7e\u00a0-\u{10ffff}]+/gu, " ").trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
