import type { LeafSeen, LiveIssuer } from "../../../trust/rotation/view.ts";
import { verifyLeafAsProxy } from "../../../trust/x509/index.ts";
import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import { readLeaf } from "../../leaf.ts";
import type { MeshedPod } from "../workloads/pods.ts";

/** The leaves that proxies serve, looked at where nobody will restart them. */
export interface LeavesSeen {
  /** What a pod has served, where that was a leaf of this issuer since identity signs with it. */
  by(issuer: LiveIssuer | undefined): (pod: MeshedPod) => LeafSeen | undefined;
  /** Looks at those of these workloads, a handful at a time, each at most once a minute, and for half a minute at most. */
  look(pods: Iterable<MeshedPod>, workloads: ReadonlySet<string>, issuer: LiveIssuer): void;
  readonly looking: boolean;
  /** Namespaces in which our account may not. */
  readonly hiddenIn: readonly string[];
}

export interface LeavesSeenOptions {
  /** By the API server's clock. */
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Seen before, as the journal has it. */
  readonly recorded: readonly LeafSeen[];
  /** How long after a look the next one may be. */
  readonly everyMs: number;
  /** Called when a look is over. */
  changed(): void;
}

const roundMs = 30_000;
const oneMs = 5_000;
const atOnce = 4;

/** A pod is known by its name and when it was made, so that another of the same name is another. */
export function leavesSeen(cluster: Cluster, options: LeavesSeenOptions): LeavesSeen {
  const { now, signal, recorded, changed, everyMs } = options;
  const seen = new Map(recorded.map((one) => [keyOf(one.pod, one.madeAt), one]));
  const asked = new Map<string, number>();
  /** Namespaces that were refused, and when last: a permission may be given meanwhile. */
  const hidden = new Map<string, number>();
  let looking = false;

  const by: LeavesSeen["by"] = (issuer) => (pod) => {
    const one = seen.size === 0 ? undefined : seen.get(keyOfPod(pod));
    const since = issuer?.inUse?.since;
    return one !== undefined && one.issuer === issuer?.certificate.fingerprint && since && one.seenAt > since
      ? one
      : undefined;
  };

  const isHidden = (namespace: string) =>
    now().getTime() - (hidden.get(namespace) ?? Number.NEGATIVE_INFINITY) < everyMs;

  async function ask(pod: MeshedPod, { certificate }: LiveIssuer, round: AbortSignal): Promise<void> {
    const { identityName: identity, namespace, name, createdAt: madeAt } = pod;
    if (identity === undefined || isHidden(namespace)) return;
    const seenAt = now();
    asked.set(keyOfPod(pod), seenAt.getTime());
    try {
      const options = { timeoutMs: oneMs, signal: round };
      const [leaf, ...more] = await readLeaf(cluster, { namespace, name, identity }, options);
      hidden.delete(namespace);
      const isIts = leaf?.dnsNames.includes(identity) === true;
      // A renewed issuer may keep its name and key, and then verifies what the one before has signed: a proxy sends its own.
      const isSent = more.some(({ fingerprint }) => fingerprint === certificate.fingerprint);
      if (isIts && isSent && verifyLeafAsProxy(leaf, more, [certificate], seenAt, "server").ok)
        seen.set(keyOfPod(pod), {
          pod: `${namespace}/${name}`,
          madeAt,
          issuer: certificate.fingerprint,
          seenAt,
        });
    } catch (error) {
      // Whom we cannot ask counts as before.
      if (error instanceof Failure && error.status === 403) hidden.set(namespace, seenAt.getTime());
    }
  }

  return {
    by,
    look(pods, workloads, issuer) {
      const since = issuer.inUse?.since;
      const at = now().getTime();
      if (looking || since === undefined || at <= since.getTime()) return;
      const known = by(issuer);
      const last = (pod: MeshedPod) => asked.get(keyOfPod(pod)) ?? 0;
      const due = [...pods]
        .filter(({ workload }) => workloads.has(workload))
        .filter(({ identityName, leaving, createdAt }) => identityName && !leaving && createdAt <= since)
        .filter((pod) => !isHidden(pod.namespace) && at - last(pod) >= everyMs && !known(pod))
        .sort((a, b) => last(a) - last(b));
      if (due.length === 0) return;
      looking = true;
      const round = AbortSignal.any([signal, AbortSignal.timeout(roundMs)]);
      const left = due.values();
      const work = async () => {
        for (const pod of left) {
          if (round.aborted) return;
          await ask(pod, issuer, round);
        }
      };
      void Promise.all(Array.from({ length: atOnce }, work)).then(() => {
        looking = false;
        changed();
      });
    },
    get looking() {
      return looking;
    },
    get hiddenIn() {
      return [...hidden.keys()].sort();
    },
  };
}

const keyOf = (pod: string, madeAt: Date): string => `${pod} ${madeAt.getTime()}`;
const keyOfPod = ({ namespace, name, createdAt }: MeshedPod): string =>
  keyOf(`${namespace}/${name}`, createdAt);
