import { perform } from "../../../cluster/rotation/perform/perform.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import type { World } from "../../world.ts";
import { doing } from "../screen/words.ts";
import type { Seen } from "./plan-text.ts";
import type { Place } from "./session.ts";

/** Asks each API server, and its guard, what it would say to the next write; writes nothing. */
export async function dryRun(
  places: readonly Place[],
  seen: readonly Seen[],
  world: World,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  for (const { name, view, plan } of seen) {
    const [step] = plan.steps;
    const place = places.find(({ member }) => member.name === name);
    if (step === undefined || place === undefined) continue;
    const { observer } = place.member;
    const { namespace, rotation, random, issuer } = place.means;
    const outcome = await perform(step, {
      ...{ observer, namespace, rotation, random, view },
      signal: world.interrupted,
      dryRun: true,
      ...(issuer === undefined ? {} : { issuer }),
    });
    const what = `${name}: ${doing(step)}`;
    if (outcome.outcome === "done") world.stderr.write(`${what}: would be done: ${outcome.sentence}\n`);
    else if (outcome.outcome === "again") world.stderr.write(`${what}: not now: ${outcome.why}\n`);
    else {
      world.stderr.write(
        `linkerd-certs: error: ${what}: ${outcome.message}\nlinkerd-certs: hint: ${outcome.hint}\n`,
      );
      code = exitCodes.found;
    }
  }
  return code;
}
