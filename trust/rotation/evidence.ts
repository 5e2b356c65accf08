import { few, moment, named } from "../naming.ts";
import type { AnchorGoal } from "./goal.ts";
import type { Sight } from "./sight.ts";
import { type Stage, stages } from "./stage.ts";
import type { RotationView } from "./view.ts";

/** Why the gates behind a stage hold, as sentences for the journal. */
export function evidenceOf(view: RotationView, goal: AnchorGoal, sight: Sight, stage: Stage): string[] {
  const beyond = (gate: Stage) => stages.indexOf(stage) >= stages.indexOf(gate);
  return [
    ...(beyond("overlapped") ? trust(view, goal) : []),
    ...(beyond("reissued") && sight.since !== undefined ? issuance(view) : []),
    ...(beyond("released") ? release(view, sight) : []),
    ...(stage === "renewed" && sight.leaving.length > 0 ? gone(sight, goal) : []),
  ];
}

function trust(
  { bundle, controlPlane, injects, workloads }: RotationView,
  { incoming }: AnchorGoal,
): string[] {
  const oldest = controlPlane
    .flatMap(({ oldestPodAt }) => oldestPodAt ?? [])
    .sort((a, b) => Number(a) - Number(b))[0];
  const since = bundle?.changedAt === undefined ? "" : `, last changed at ${moment(bundle.changedAt)}`;
  return [
    `the trust bundle holds ${few(incoming.map(named))}${since}`,
    ...(oldest === undefined ? [] : [`the oldest pod of the control plane was made at ${moment(oldest)}`]),
    ...(injects === undefined ? [] : [`pods by dry-run got this bundle at ${moment(injects.at)}`]),
    `all running proxies of ${workloads.length} workloads trust ${few(incoming.map(named))}`,
  ];
}

function issuance({ issuer }: RotationView): string[] {
  if (issuer?.inUse === undefined) return [];
  const { since, evidence } = issuer.inUse;
  return [`identity signs with ${named(issuer.certificate)} since ${moment(since)}: ${evidence}`];
}

function release(view: RotationView, { since, leaving }: Sight): string[] {
  const { leafLifetimeMs, now } = view;
  if (since === undefined || leaving.length === 0) return [];
  const end = new Date(since.getTime() + leafLifetimeMs);
  const names = few(leaving.map(named));
  return now > end
    ? [`the last leaf that chains to ${names} ended at ${moment(end)}`]
    : [
        `every running proxy that trusts ${names} was made, or shown to have a new leaf, after ${moment(since)}`,
        ...handshakes(view, since),
      ];
}

/** The leaves that were looked at, where that was needed. */
function handshakes({ workloads, issuer }: RotationView, since: Date): string[] {
  if (issuer === undefined) return [];
  return workloads.flatMap(({ id, proxies: groups }) => {
    const seen = groups.filter(({ oldestAt, leafSeenAt }) => oldestAt <= since && leafSeenAt !== undefined);
    const [first] = seen.flatMap(({ leafSeenAt }) => leafSeenAt ?? []).sort((a, b) => +a - +b);
    const count = seen.reduce((sum, { proxies }) => sum + proxies, 0);
    if (first === undefined) return [];
    const who = count === 1 ? id : `each of ${count} proxies of ${id}`;
    return [`handshake: ${who} serves a leaf of ${named(issuer.certificate)}, seen since ${moment(first)}`];
  });
}

const gone = ({ leaving }: Sight, { lazy }: AnchorGoal): string[] => [
  lazy
    ? `${few(leaving.map(named))} has left the bundle; proxies keep it until their next restart`
    : `no running proxy trusts ${few(leaving.map(named))} any more`,
];
