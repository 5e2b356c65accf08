import { Failure } from "../../cluster/failure.ts";
import type { Seen } from "./look.ts";
import type { Pods } from "./pods.ts";
import type { Unreadable } from "./types.ts";

interface Found {
  readonly namespace: string;
  readonly space: Seen<unknown> | undefined;
  readonly trustRoots: Seen<unknown> | undefined;
  readonly issuerSecret: Seen<unknown> | undefined;
  readonly config: Seen<unknown> | undefined;
  readonly pods: Pods;
  readonly unreadable: readonly Unreadable[];
}

/** Throws where there is no Linkerd to speak of, or nothing of it may be seen: one line, and what to do. */
export function refuseNothing(found: Found): void {
  const { namespace, space, trustRoots, issuerSecret, config, pods, unreadable } = found;
  const objects = [trustRoots, issuerSecret, config];
  if (objects.every((one) => one === undefined) && pods.proxies === undefined) {
    const [first] = unreadable.filter(({ core }) => core);
    throw new Failure(
      `nothing of Linkerd in namespace ${namespace} may be seen: ${first?.reason}`,
      hintOf(unreadable),
      {
        status: 403,
      },
    );
  }
  // A Secret that may not be seen proves nothing; two ConfigMaps that are not there do.
  const absent = [trustRoots, config].every((one) => one !== undefined && one.value === undefined);
  if (!absent || issuerSecret?.value !== undefined) return;
  if ((pods.proxies ?? []).some(({ component }) => component !== undefined)) return;
  const other = pods.others.filter((one) => one !== namespace);
  const missing = space !== undefined && space.value === undefined;
  throw new Failure(
    missing
      ? `there is no namespace ${namespace}, and so no Linkerd in it`
      : `there is no Linkerd in namespace ${namespace}`,
    other.length > 0
      ? `Linkerd is in namespace ${other.join(" and ")}: add -L ${other[0]}.`
      : "Name Linkerd's namespace with -L, or another cluster with --context.",
  );
}

function hintOf(unreadable: readonly Unreadable[]): string {
  return [...new Set(unreadable.filter(({ core }) => core).map(({ hint }) => hint))].join(" ");
}
