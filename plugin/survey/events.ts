import {
  type IdentityEvent,
  identityEventOf,
  identityEventsSelector,
} from "../../trust/gather/identity-event.ts";
import type { Look } from "./look.ts";

/** What identity said of its issuer in the last hour or so: an API server keeps events no longer. */
export async function readEvents(look: Look, namespace: string): Promise<IdentityEvent[] | undefined> {
  const seen = await look.all(`Events of ${namespace}`, `/api/v1/namespaces/${namespace}/events`, {
    query: { fieldSelector: identityEventsSelector },
    project: identityEventOf,
    importance: "aside",
  });
  return seen?.value.toSorted(
    (a, b) => a.last.getTime() - b.last.getTime() || (a.reason < b.reason ? -1 : 1),
  );
}
