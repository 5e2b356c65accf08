import { join } from "node:path";
import type { Plan } from "../../../trust/rotation/plan.ts";
import { type Stage, stages } from "../../../trust/rotation/stage.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import type { World } from "../../world.ts";
import type { Seen } from "../errand/plan-text.ts";
import type { Errand, Place } from "../errand/session.ts";
import { wordsFor } from "../screen/words.ts";
import { emit } from "./emit.ts";

export interface Emission {
  readonly folder: string;
  /** The issuer's Secret as well. */
  readonly issuer: boolean;
}

/** Writes, for every cluster, what to commit for the stage it is in. The clusters are not touched. */
export async function emitErrand(
  { folder, issuer: wantsIssuer }: Emission,
  places: readonly Place[],
  seen: readonly Seen[],
  { options }: Errand,
  world: World,
): Promise<ExitCode> {
  for (const { name, goal, view, plan } of seen) {
    const place = places.find(({ member }) => member.name === name);
    if (goal.kind !== "anchor" || place === undefined) continue;
    const { observer } = place.member;
    const due = wantsIssuer && isOpen(plan, "overlapped");
    const issuer = due ? await place.means.issuer?.() : undefined;
    const said = emit(
      {
        folder: seen.length === 1 ? folder : join(folder, name.replace(/[^\w.-]/g, "_")),
        namespace: options.namespace,
        goal,
        stage: plan.stage,
        drops: isOpen(plan, "released"),
        live: view.bundle?.anchors ?? [],
        scheme: observer.sources().mesh?.identity?.scheme ?? "linkerd.io/tls",
        ...(issuer === undefined ? {} : { issuer }),
      },
      world,
    );
    const waits = plan.waits.map(({ what }) => `this stage waits for ${what}`);
    for (const line of [...said, ...waits]) world.stderr.write(`${name}: ${line}\n`);
    if (wantsIssuer && !due)
      world.stderr.write(
        `${name}: the issuer's time comes at overlapped; now: ${wordsFor(goal.kind).stages[plan.stage]}\n`,
      );
    if (due && issuer === undefined)
      world.stderr.write(`${name}: nobody has given an issuer: --issuer and --issuer-key, or --ca-key\n`);
  }
  return exitCodes.ok;
}

/** Past the gate behind that stage, or at it with nothing to wait for: other clusters, above all. */
function isOpen({ stage, waits }: Plan, gate: Stage): boolean {
  const beyond = stages.indexOf(stage) - stages.indexOf(gate);
  return beyond > 0 || (beyond === 0 && waits.length === 0);
}
