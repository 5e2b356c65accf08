import { installConfigName, openInstallConfig } from "../../../trust/gather/install-config.ts";
import type { ConfigMap } from "../../../trust/gather/objects.ts";
import { type Change, judgeChange } from "../../../trust/judge-change.ts";
import { defaultPolicy } from "../../../trust/policy.ts";
import { rules } from "../../../trust/rules/index.ts";
import { type Context, insistence } from "./context.ts";
import { insist } from "./insist.ts";
import { type Outcome, refused } from "./outcome.ts";

/** What the guard would say against a write, by its own rules; undefined where nothing. */
export async function judged(change: Change, context: Context): Promise<Outcome | undefined> {
  const { observer, namespace, view } = context;
  const path = `/api/v1/namespaces/${namespace}/configmaps/${installConfigName}`;
  const config = await insist(observer.cluster, "GET", path, {}, insistence(context));
  const install = config.status === 200 ? openInstallConfig(config.body as ConfigMap) : undefined; // the path says so
  const { verdict } = judgeChange(
    change,
    {
      live: {
        ...observer.sources(),
        ...(install === undefined ? {} : { install }),
        issuersSeen: issuersSeen(view),
      },
      now: observer.server.now(),
      namespace,
    },
    rules,
    defaultPolicy,
  );
  const [first] = verdict.denied;
  if (first === undefined) return undefined;
  const detail = first.detail === undefined ? "" : ` (${first.detail})`;
  return refused(
    `the guard's rule ${first.rule.id} is against it: ${first.message}${detail}`,
    first.rule.remedy,
  );
}

// As the guard sees it: an issuer from when it was written. Who signed before is not known; nor whether it
// signs at all, until that is proven. The plan is the stricter of the two: it counts from the proof.
function issuersSeen({ issuer }: Context["view"]) {
  if (issuer?.inUse === undefined) return [];
  const from = issuer.changedAt ?? issuer.inUse.since;
  return [{ from, chain: [issuer.certificate, ...issuer.intermediates] }];
}
