import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { isRecord } from "../../trust/fields.ts";
import { bundleKey, trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { Finding } from "../../trust/judge.ts";
import { judgeChange } from "../../trust/judge-change.ts";
import { rules } from "../../trust/rules/index.ts";
import { liveState } from "../validate/live.ts";
import { livePolicy } from "../validate/policy.ts";
import { surroundingsOf } from "../validate/state.ts";
import type { Request } from "./apply.ts";

export interface BundleVerdict {
  /** What the write would break, by the guard's rules, whether a guard is installed or not. */
  readonly denied: readonly Finding[];
  /** The same, where the object's own annotation lets it pass. */
  readonly overridden: readonly Finding[];
  /** What could not be looked at. */
  readonly unseen: readonly string[];
}

/**
 * Judges what the live bundle would become, by the live issuer and the running
 * proxies. What may not be read is told, and what rests on it is not asked.
 */
export async function judgeBundle(
  cluster: Cluster,
  text: string,
  { namespace, timeoutMs, signal, now }: Request & { readonly now: Date },
): Promise<BundleVerdict> {
  try {
    const options = { timeoutMs, signal };
    const [state, { policy }] = await Promise.all([
      liveState(cluster, { ...options, namespace, now }),
      livePolicy(cluster, options),
    ]);
    const oldObject = state.objects["trust-roots"] || undefined;
    const metadata = oldObject?.["metadata"] ?? { name: trustRootsName, namespace };
    const data = oldObject?.["data"];
    const object = {
      ...oldObject,
      metadata,
      data: { ...(isRecord(data) ? data : {}), [bundleKey]: text },
    };
    const change = { target: "trust-roots", object, oldObject } as const;
    const surroundings = { live: surroundingsOf(state), now, namespace };
    const { denied, overridden } = judgeChange(change, surroundings, rules, policy).verdict;
    return { denied, overridden, unseen: state.meshUnseen === undefined ? [] : [state.meshUnseen] };
  } catch (error) {
    if (!(error instanceof Failure) || error.status !== 403) throw error;
    return { denied: [], overridden: [], unseen: [error.message] };
  }
}
