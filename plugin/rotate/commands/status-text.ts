import type { Recorded } from "../../../cluster/rotation/journal/journal-object.ts";
import type { Standing as LeaseStanding } from "../../../cluster/rotation/lease/lease.ts";
import type { Holder } from "../../../cluster/rotation/lease/lease-object.ts";
import { moment, named } from "../../../trust/naming.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import type { Plan } from "../../../trust/rotation/plan.ts";
import type { RotationView } from "../../../trust/rotation/view.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import { counted } from "../../render/counted.ts";
import { goalWords } from "../goals.ts";
import { certificateJson } from "../screen/json-event.ts";
import { doing, wordsFor } from "../screen/words.ts";

/** One cluster, as `rotate status` tells of it. */
export interface Status {
  readonly name: string;
  readonly view: RotationView;
  /** Undefined: nothing is under way. */
  readonly goal?: Goal;
  readonly plan?: Plan;
  /** Undefined where the goal was read off the cluster. */
  readonly recorded?: Recorded;
  readonly lease?: { readonly holder: Holder; readonly standing: LeaseStanding };
}

/** For people: a few lines for a cluster. */
export function statusText(status: Status): string {
  const { name, view, goal, plan, recorded, lease } = status;
  const { bundle, issuer } = view;
  const lines = [
    plan === undefined
      ? `${name}: settled: nothing is under way`
      : `${name}: ${plan.stage}: ${wordsFor(goal?.kind ?? "anchor").stages[plan.stage]} (${plan.progress.done} of ${counted(plan.progress.of, "workload")})`,
    ...(goal === undefined ? [] : [`  goal         ${goalWords(goal)}, ${originOf(recorded)}`]),
    `  at it        ${lease === undefined ? "nobody" : holderText(lease)}`,
    `  bundle       ${bundle === undefined ? "cannot be read" : `${bundle.anchors.map(named).join(", ")}${since(bundle.changedAt)}`}`,
    `  issuer       ${issuer === undefined ? "cannot be read" : `${named(issuer.certificate)} until ${moment(issuer.certificate.notAfter)}`}`,
    ...(issuer === undefined ? [] : [`               ${useOf(issuer)}`]),
    ...section(
      "trusted",
      trustedBy(view).map(
        ({ anchors, proxies }) =>
          `${anchors.map(named).join(", ")}: ${proxies} ${proxies === 1 ? "proxy" : "proxies"}`,
      ),
    ),
    ...section("proven", plan?.evidence ?? []),
    ...section("next", next(plan)),
    ...section(
      "waits for",
      plan?.waits.map(
        ({ what, until }) => `${what}${until === undefined ? "" : `, until ${moment(until)}`}`,
      ) ?? [],
    ),
    ...section("a person", plan?.blocks.map(({ what, remedy }) => `${what}. ${remedy}`) ?? []),
  ];
  return `${lines.join("\n")}\n`;
}

function section(head: string, lines: readonly string[]): string[] {
  const shown = lines.length > 12 ? [...lines.slice(0, 11), `and ${lines.length - 11} more`] : lines;
  return shown.map((line, i) => `  ${(i === 0 ? head : "").padEnd(13)}${line}`);
}

function originOf(recorded: Recorded | undefined): string {
  const begun = recorded?.opening?.begun;
  return begun === undefined
    ? "as the cluster looks: nobody recorded it"
    : `rotation ${recorded?.id}, begun at ${begun.at} by ${begun.who}`;
}

function holderText({ holder, standing }: NonNullable<Status["lease"]>): string {
  const dead =
    standing.free === "ended" || standing.free === "lapsed" ? "; dead: whoever goes on takes it over" : "";
  return `${holder.who}, ${holder.purpose}, since ${moment(holder.since)}${dead}`;
}

const since = (date: Date | undefined) => (date === undefined ? "" : `, since ${moment(date)}`);

function useOf({ inUse, skipped }: NonNullable<RotationView["issuer"]>): string {
  if (skipped !== undefined) return `identity does not take it: ${skipped.message}`;
  if (inUse === undefined) return "not proven yet that identity signs with it";
  return `identity signs with it since ${moment(inUse.since)}: ${inUse.evidence}`;
}

/** Restarts together, all else one by one. */
function next(plan: Plan | undefined): string[] {
  if (plan === undefined) return [];
  if (plan.done) return ["nothing: it is reached"];
  const restarts = plan.steps.filter(({ kind }) => kind === "restart-workload");
  const others = plan.steps.filter(({ kind }) => kind !== "restart-workload");
  return [
    ...others.map((step) => `${doing(step)}: ${step.why}`),
    ...(restarts.length === 0
      ? []
      : [`restarting ${counted(restarts.length, "workload")}: ${restarts[0]?.why}`]),
  ];
}

interface Trusting {
  readonly anchors: readonly Certificate[];
  readonly proxies: number;
}

function trustedBy({ workloads }: RotationView): readonly Trusting[] {
  const groups = workloads.flatMap(({ proxies }) => proxies);
  const byBundle = Map.groupBy(groups, ({ anchors }) =>
    anchors
      .map(({ fingerprint }) => fingerprint)
      .sort()
      .join(),
  );
  return [...byBundle.values()]
    .map((all) => ({
      anchors: all[0]?.anchors ?? [],
      proxies: all.reduce((sum, one) => sum + one.proxies, 0),
    }))
    .sort((a, b) => b.proxies - a.proxies);
}

/** An interface: described in docs/rotation-json.md. */
export function statusJson(status: Status): object {
  const { name, view, goal, plan, recorded, lease } = status;
  const { bundle, issuer } = view;
  return {
    cluster: name,
    stage: plan?.stage ?? "settled",
    done: plan?.done ?? true,
    ...(goal === undefined ? {} : { goal: goalWords(goal), recorded: recorded !== undefined }),
    ...(recorded === undefined ? {} : { rotation: recorded.id, begun: recorded.opening?.begun }),
    ...(lease === undefined
      ? {}
      : {
          lease: {
            who: lease.holder.who,
            purpose: lease.holder.purpose,
            since: lease.holder.since,
            dead: lease.standing.free !== undefined,
          },
        }),
    ...(bundle === undefined
      ? {}
      : { bundle: { anchors: bundle.anchors.map(certificateJson), changedAt: bundle.changedAt } }),
    ...(issuer === undefined
      ? {}
      : { issuer: { ...certificateJson(issuer.certificate), inUse: issuer.inUse, skipped: issuer.skipped } }),
    trusted: trustedBy(view).map(({ anchors, proxies }) => ({
      anchors: anchors.map(certificateJson),
      proxies,
    })),
    progress: plan?.progress,
    evidence: plan?.evidence ?? [],
    next: next(plan),
    waits: plan?.waits ?? [],
    blocks: plan?.blocks ?? [],
  };
}
