import type { Certificate } from "../x509/index.ts";
import type { Hold } from "./anchor-work.ts";
import type { Goal } from "./goal.ts";
import type { Plan } from "./plan.ts";
import { planAnchor } from "./plan-anchor.ts";
import { plan } from "./planner.ts";
import { look } from "./sight.ts";
import { type Stage, stages } from "./stage.ts";
import { anchorStage, onlyIdentityLeft } from "./stage-of.ts";
import type { RotationView } from "./view.ts";

/**
 * Plans for clusters whose proxies talk to one another, by name. No cluster
 * issues from an incoming anchor before every cluster trusts it, and none drops
 * the old one before every cluster is rid of its leaves. A cluster that is not
 * seen (undefined) holds the others there, and gets no plan itself.
 */
export function planFleet(
  views: ReadonlyMap<string, RotationView | undefined>,
  goals: Goal | ReadonlyMap<string, Goal>,
): ReadonlyMap<string, Plan> {
  const members = [...views].map(([name, view]) => standing(name, view, goalOf(goals, name)));
  return new Map(
    members.flatMap((one): [string, Plan][] => {
      if (one.view === undefined || one.goal === undefined) return [];
      if (one.goal.kind !== "anchor") return [[one.name, plan(one.view, one.goal)]];
      const others = members.filter((other) => other !== one && other.goal?.kind !== "issuer");
      return [[one.name, planAnchor(one.view, one.goal, holdBy(others))]];
    }),
  );
}

interface Member {
  readonly name: string;
  readonly view: RotationView | undefined;
  readonly goal: Goal | undefined;
  /** Undefined where it cannot be seen. */
  readonly stage?: Stage;
  /** Nothing but identity is left before it trusts the incoming anchor, and that waits for the others. */
  readonly onlyIdentityLeft: boolean;
  readonly needed: readonly Certificate[];
}

function standing(name: string, view: RotationView | undefined, goal: Goal | undefined): Member {
  if (view === undefined || goal?.kind !== "anchor")
    return { name, view, goal, needed: [], onlyIdentityLeft: false };
  const sight = look(view, goal);
  const stage = anchorStage(view, goal, sight);
  return { name, view, goal, stage, needed: sight.needed, onlyIdentityLeft: onlyIdentityLeft(view, sight) };
}

function holdBy(others: readonly Member[]): Hold {
  const behind = others.filter(before("overlapped"));
  const reissue = waitFor(behind, "to trust the incoming anchor");
  const takeUp = waitFor(
    behind.filter((one) => !one.onlyIdentityLeft),
    "to trust the incoming anchor",
  );
  const drop = waitFor(others.filter(before("released")), "to be rid of leaves of the outgoing anchor");
  return {
    needed: others.flatMap(({ needed }) => needed),
    ...(reissue === undefined ? {} : { reissue }),
    ...(takeUp === undefined ? {} : { takeUp }),
    ...(drop === undefined ? {} : { drop }),
  };
}

function waitFor(whom: readonly Member[], what: string): string | undefined {
  return whom.length === 0 ? undefined : `${whom.map(called).join(", ")} ${what}`;
}

const before =
  (gate: Stage) =>
  ({ stage }: Member): boolean =>
    stage === undefined || stages.indexOf(stage) < stages.indexOf(gate);

const called = ({ name, view, stage }: Member): string =>
  view === undefined ? `${name} (which cannot be seen)` : `${name} (${stage ?? "without a goal"})`;

function goalOf(goals: Goal | ReadonlyMap<string, Goal>, name: string): Goal | undefined {
  return "kind" in goals ? goals : goals.get(name);
}
