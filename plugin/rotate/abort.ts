import { Failure } from "../../cluster/failure.ts";
import type { Recorded } from "../../cluster/rotation/journal-object.ts";
import { journalWriter } from "../../cluster/rotation/journal-writer.ts";
import { named } from "../../trust/naming.ts";
import { chains } from "../../trust/rotation/sight.ts";
import type { Arguments } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { canAsk, confirm } from "../material/prompt.ts";
import type { World } from "../world.ts";
import { goalWords, Refused, recordedGoal } from "./goals.ts";
import { leaseOf } from "./lease-of.ts";
import type { Seat } from "./seat.ts";
import { withSeats } from "./with-seats.ts";

/** `rotate abort`: a last line in the journal, and what the mesh is left with. */
export function abort(args: Arguments, world: World): Promise<ExitCode> {
  return withSeats(args, world, async (seats, { namespace, yes, dryRun }) => {
    for (const seat of seats) {
      const { open, name } = seat;
      if (open === undefined) {
        world.stderr.write(`${name}: no rotation is under way\n`);
        continue;
      }
      const what = `rotation ${open.id} (${wordsOf(open)})`;
      world.stderr.write(standing(seat, world.clock()));
      if (dryRun !== "none") {
        world.stderr.write(`${name}: ${what} would be given up\n`);
        continue;
      }
      if (!yes && !canAsk(world)) throw new Refused("nothing is written without a yes", "Add --yes.");
      if (!yes && !(await confirm(`Give up ${what} in ${name}?`, world)))
        throw new Refused("not confirmed; nothing was written", "Go on with it: rotate anchor.");
      await record(seat, namespace, world);
      world.stderr.write(`${name}: ${what} is given up; nothing else was changed\n`);
    }
    return exitCodes.ok;
  });
}

/** What cannot be understood can be given up all the same. */
function wordsOf(open: Recorded): string {
  try {
    const goal = recordedGoal(open);
    return goal === undefined ? "its goal is lost" : goalWords(goal);
  } catch (error) {
    if (error instanceof Failure) return "its goal cannot be understood";
    throw error;
  }
}

async function record(seat: Seat, namespace: string, world: World): Promise<void> {
  const { open, cluster, who, name } = seat;
  if (open === undefined) return;
  const { lease } = await leaseOf(seat, namespace, "rotate abort", world);
  try {
    const at = world.clock().toISOString();
    const begun = { at, who, cluster: name };
    const {
      opening = {
        apiVersion: "linkerd-certs.io/v1",
        kind: "Rotation",
        id: open.id,
        begun,
        goal: null,
        options: {},
      },
    } = open;
    const journal = journalWriter(cluster, { namespace, opening });
    journal.append({
      ...begun,
      entry: "ended",
      outcome: "aborted",
      says: standing(seat, world.clock()).trim(),
    });
    await journal.flush();
  } finally {
    await lease.release();
  }
}

function standing({ name, trust: { anchors, issuer } }: Seat, now: Date): string {
  const above = issuer === undefined ? [] : anchors.filter((anchor) => chains(issuer, [anchor], now));
  const signed = issuer === undefined ? "no issuer that can be read" : `issuer ${named(issuer.certificate)}`;
  const chain =
    above.length === 0
      ? "which chains to none of them now"
      : `which chains to ${above.map(named).join(", ")}`;
  return `${name}: the bundle holds ${anchors.map(named).join(", ") || "nothing"}; ${signed}${issuer === undefined ? "" : `, ${chain}`}\n`;
}
