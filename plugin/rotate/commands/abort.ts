import { Failure } from "../../../cluster/failure.ts";
import { readJournals } from "../../../cluster/rotation/journal/journal.ts";
import type { Recorded } from "../../../cluster/rotation/journal/journal-object.ts";
import { journalWriter } from "../../../cluster/rotation/journal/journal-writer.ts";
import {
  forgetPreviousIssuer,
  previousIssuerName,
  readPreviousIssuer,
} from "../../../cluster/rotation/perform/previous-issuer.ts";
import { named } from "../../../trust/naming.ts";
import { chains } from "../../../trust/rotation/sight.ts";
import { readCredentials } from "../../../trust/x509/index.ts";
import type { Arguments } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { canAsk, confirm } from "../../material/prompt.ts";
import type { World } from "../../world.ts";
import { goalWords, Refused, recordedGoal } from "../goals.ts";
import { leaseOf } from "../lease-of.ts";
import { readTrust, type Seat } from "../seat.ts";
import { withSeats } from "../with-seats.ts";

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
      const kept = await record(seat, namespace, world);
      world.stderr.write(`${name}: ${what} is given up; nothing else was changed\n${kept}`);
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

/** Gives back what becomes of the issuer before. */
async function record(asked: Seat, namespace: string, world: World): Promise<string> {
  const { open, cluster, who, name } = asked;
  if (open === undefined) return "";
  const { lease } = await leaseOf(asked, namespace, "rotate abort", world);
  try {
    // While we asked, another run may have gone on.
    const place = { namespace, timeoutMs: 10_000, signal: world.interrupted };
    const recorded = await readJournals(cluster, place);
    const ended = recorded.find(({ id, state }) => id === open.id && state !== "unfinished");
    if (ended !== undefined)
      throw new Refused(
        `rotation ${open.id} has ended meanwhile (${ended.state})`,
        "See how: rotate history.",
      );
    const seat = { ...asked, trust: await readTrust(cluster, place) };
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
    return await settlePrevious(seat, namespace, world.interrupted);
  } finally {
    await lease.release();
  }
}

/** A copy of the issuer that is in use is of no use, but for the way back that is given up itself; any other one is the way back. */
async function settlePrevious(
  { cluster, name, trust, open }: Seat,
  namespace: string,
  signal: AbortSignal,
): Promise<string> {
  const secret = `Secret ${namespace}/${previousIssuerName}`;
  try {
    const kept = await readPreviousIssuer(cluster, namespace, signal, trust.scheme);
    if (kept === undefined) return "";
    const [before] = readCredentials(kept.chainPem, kept.keyPem).chain;
    const inUse = before !== undefined && before.fingerprint === trust.issuer?.certificate.fingerprint;
    if (!inUse || open?.opening?.reverses !== undefined)
      return `${name}: ${secret} keeps the issuer before, with its key, for rotate rollback; the next rotation that is done deletes it, or you: kubectl delete secret -n ${namespace} ${previousIssuerName}\n`;
    await forgetPreviousIssuer(cluster, namespace, signal);
    return "";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${name}: warning: ${secret}: ${error.message}\n${name}: hint: ${error.hint}\n`;
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
