import { planFleet } from "../../../trust/rotation/fleet.ts";
import type { Block, Plan } from "../../../trust/rotation/plan.ts";
import { plan as planAlone } from "../../../trust/rotation/planner.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import { doing } from "../screen/words.ts";
import type { Attempts } from "./attempts.ts";
import type { Member } from "./member.ts";
import { keyOf } from "./pick.ts";

/** How one cluster stands at one moment. */
export interface Standing {
  readonly member: Member;
  /** Undefined where it cannot be seen as it is now; then there is no plan. */
  readonly view: RotationView | undefined;
  readonly plan: Plan | undefined;
  /** Its plan waits for other clusters alone. */
  readonly held: boolean;
  /** What a person has to do: the plan's, and what refused a step. */
  readonly blocks: readonly Block[];
  /** What kept us from steps of the plan when they were last tried. They are tried again. */
  readonly troubles: readonly string[];
  /** Steps that are there to be done, sooner or later, without a person. */
  readonly open: number;
  /** A write is refused. */
  readonly refused: boolean;
}

/** Looks at all clusters and plans for all of them. */
export function standingsOf(members: readonly Member[], tries: Attempts): Standing[] {
  // Who is not heard now may be otherwise than it was seen last.
  const seen = ({ failure, view }: Member) => (failure === undefined ? view() : undefined);
  const views = new Map(members.map((one) => [one.name, seen(one)]));
  const plans = planFleet(views, new Map(members.map(({ name, goal }) => [name, goal])));
  return members.map((member) => {
    const { name, goal } = member;
    const [view, plan] = [views.get(name), plans.get(name)];
    const steps = plan?.steps ?? [];
    const refused = steps.filter((step) => tries.isRefused(`${name} ${keyOf(step)}`));
    const waiting = plan !== undefined && steps.length === 0 && plan.waits.length > 0;
    return {
      member,
      view,
      plan,
      held: members.length > 1 && waiting && view !== undefined && planAlone(view, goal).steps.length > 0,
      blocks: [
        ...(plan?.blocks ?? []),
        ...refused.flatMap((step) => tries.block(`${name} ${keyOf(step)}`) ?? []),
      ],
      troubles: steps.flatMap((step) => {
        const trouble = tries.trouble(`${name} ${keyOf(step)}`);
        return trouble === undefined
          ? []
          : [`${doing(step)} failed ${timesOf(trouble.times)}: ${trouble.why}`];
      }),
      open: steps.length - refused.length,
      refused: refused.some(({ kind }) => kind !== "restart-workload"),
    };
  });
}

const timesOf = (times: number) => (times === 1 ? "once" : `${times} times`);
