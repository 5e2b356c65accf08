import { sameAnchor } from "../../../trust/judgements.ts";
import { few, moment, named } from "../../../trust/naming.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import type { Plan } from "../../../trust/rotation/plan.ts";
import { type Stage, stages } from "../../../trust/rotation/stage.ts";
import type { RotationView, Workload } from "../../../trust/rotation/view.ts";
import { counted } from "../../render/counted.ts";
import { wordsFor } from "../screen/words.ts";

export interface Seen {
  readonly name: string;
  readonly goal: Goal;
  readonly view: RotationView;
  readonly plan: Plan;
}

/** What is about to be done in one cluster, for the question whether to: fingerprints, counts, and who is needed. */
export function planText({ name, goal, view, plan }: Seen): string {
  const { workloads, bundle, issuer } = view;
  const proxies = workloads.flatMap((one) => one.proxies).reduce((sum, group) => sum + group.proxies, 0);
  const lines = [
    `${name}: ${plan.stage}: ${wordsFor(goal.kind).stages[plan.stage]}`,
    `  bundle now   ${bundle === undefined ? "cannot be read" : bundle.anchors.map(named).join(", ")}`,
    `  issuer now   ${issuer === undefined ? "cannot be read" : `${named(issuer.certificate)} until ${moment(issuer.certificate.notAfter)}`}`,
    ...anchorLines(goal),
    `  meshed       ${counted(workloads.length, "workload")} with ${proxies} ${proxies === 1 ? "proxy" : "proxies"}, and ${counted(view.controlPlane.length, "component")} of Linkerd's`,
    ...(plan.done
      ? ["  to do        nothing: it is there already"]
      : passes(goal, plan.stage, view).map(
          (line, i) => `  ${i === 0 ? "to do       " : "            "} ${line}`,
        )),
    ...waysOf(view),
    ...people(workloads, goal),
    ...down(workloads, goal),
    ...plan.blocks
      .filter(({ workload }) => workload === undefined)
      .map(({ what, remedy }) => `  ‼ ${what}. ${remedy}`),
  ];
  return `${lines.join("\n")}\n`;
}

function anchorLines(goal: Goal): string[] {
  if (goal.kind === "issuer") return [];
  const coming = `  coming       ${goal.incoming.map((one) => `${named(one)} until ${moment(one.notAfter)}`).join(", ")}`;
  if (goal.kind === "recovery") return [coming];
  return [
    coming,
    `  going        ${goal.outgoing.length === 0 ? "nothing" : goal.outgoing.map(named).join(", ")}`,
  ];
}

/** What the stages ahead will do: each at most once to a workload, and not to those that do not need it. */
function passes(goal: Goal, stage: Stage, { workloads, controlPlane }: RotationView): string[] {
  const restart = `${counted(workloads.filter(({ restartable }) => restartable === true).length, "workload")} and ${counted(controlPlane.length, "component")}`;
  if (goal.kind === "issuer")
    return ["write the issuer, and see that identity takes it; nothing is restarted"];
  if (goal.kind === "recovery")
    return ["write bundle and issuer", `restart ${restart}: requests fail until that is done`];
  const ahead = (until: Stage) => stages.indexOf(stage) < stages.indexOf(until);
  const ends = goal.until;
  const all = [
    ...(ahead("overlapped")
      ? ["write the bundle with both anchors", `restart what trusts only the old: at most ${restart}`]
      : []),
    ...(ahead("reissued") ? ["write the issuer, and see that identity takes it"] : []),
    ...(ends === "reissued" || ends === "overlapped" || ends === "overlapping" || !ahead("released")
      ? []
      : [
          goal.leaves === "wait"
            ? "wait until the last leaf of the old issuer has ended"
            : `restart what holds a leaf of the old issuer: at most ${restart}`,
        ]),
    ...(ends !== undefined || stage === "renewed"
      ? []
      : [
          "write the bundle without the old anchor",
          goal.lazy
            ? "restart the control plane; workloads forget the old anchor at their next restart"
            : `restart what still holds the old anchor: at most ${restart}`,
        ]),
  ];
  return ends === undefined ? all : [...all, `end there: at ${ends}`];
}

function waysOf({ ways }: RotationView): string[] {
  return (["bundle", "issuer"] as const).flatMap((what) => {
    const way = ways[what];
    if (way.by === "us") return [];
    return way.by === "owner"
      ? [`  ${what.padEnd(12)} is written through ${way.owner}`]
      : [`  ‼ the ${what} is ${way.owner}'s. ${way.remedy}`];
  });
}

/** Those whom nobody here restarts. */
function people(workloads: readonly Workload[], goal: Goal): string[] {
  const needing = workloads.flatMap(({ id, restartable, proxies }) =>
    restartable === true || goal.kind === "issuer" || !concerned(proxies, goal)
      ? []
      : [{ id, ...restartable }],
  );
  if (needing.length === 0) return [];
  const lines = needing.map(({ id, kind, remedy }) => `${id} (${kind}): ${remedy}`);
  return [`  ‼ left to a person: ${few(needing.map(({ id }) => id))}`, ...ten(lines)];
}

/** Those whose own strategy takes all their pods away at once. */
function down(workloads: readonly Workload[], goal: Goal): string[] {
  if (goal.kind !== "anchor") return [];
  const lines = workloads.flatMap(({ id, downtime, proxies }) =>
    downtime === undefined || !concerned(proxies, goal) ? [] : [`${id}: ${downtime}`],
  );
  if (lines.length === 0) return [];
  return [
    `  ‼ down while restarting: ${counted(lines.length, "workload")}`,
    ...ten(lines),
    "    Where that matters, add a pod or change the strategy first; or --exclude it, and restart it yourself.",
  ];
}

function ten(lines: readonly string[]): string[] {
  const more = lines.length > 10 ? [`    and ${lines.length - 10} more`] : [];
  return [...lines.slice(0, 10).map((line) => `    ${line}`), ...more];
}

/** A proxy that holds just what the mesh ends with is left alone. */
function concerned(proxies: Workload["proxies"], goal: Exclude<Goal, { kind: "issuer" }>): boolean {
  return proxies.some(
    ({ anchors }) =>
      goal.incoming.some((wanted) => !anchors.some((held) => sameAnchor(held, wanted))) ||
      (goal.kind === "anchor" && goal.outgoing.some((old) => anchors.some((held) => sameAnchor(held, old)))),
  );
}
