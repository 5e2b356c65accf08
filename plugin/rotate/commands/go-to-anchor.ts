import { distinct } from "../../../trust/judgements.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import { type Arguments, type Command, UsageError } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import type { World } from "../../world.ts";
import { commandLine } from "../command-line.ts";
import { runErrand, type Talk } from "../errand/run-errand.ts";
import { anchorGoal, comingIn, goalToGoOnWith, rotationToGoOnWith } from "../goals.ts";
import { issuerFor, materialFor } from "../material/for-seats.ts";
import type { Material } from "../material/in-words.ts";
import { renewedAnchor } from "../material/renewed-anchor.ts";
import { insistSound } from "../material/sound.ts";
import type { GoingOptions } from "../options.ts";
import type { Seat } from "../seat.ts";
import { withSeats } from "../with-seats.ts";
import { upgradeNotices } from "./upgrade-notices.ts";

/** `rotate anchor`: a new rotation, or the one that is recorded. */
export function goToAnchor(command: Command, args: Arguments, world: World): Promise<ExitCode> {
  return withSeats(args, world, async (seats, options) => {
    const material = await materialFor(seats, args, world);
    const recorded = goalToGoOnWith(seats, "anchor", material.incoming);
    const incoming = recorded === undefined ? await incomingOf(material, seats, args, options, world) : [];
    if (recorded === undefined && incoming.length === 0) return exitCodes.ok; // a dry run of --renew
    const wish = {
      incoming,
      outgoing: args.texts("outgoing"),
      leaves: args.flag("wait-leaves") ? "wait" : "restart",
      lazy: args.flag("lazy"),
    } as const;
    const goal = recorded ?? anchorGoal(wish, seats, world.clock());
    insistSound(material, goal, seats, world.clock());
    return runErrand(
      {
        ...{ purpose: command.name, goal, seats, options },
        rotation: rotationToGoOnWith(seats),
        ...issuerFor(material, args, world),
      },
      {
        says: material.says,
        again: commandLine(command, args, world.calledAs),
        keep: () => material.keep(),
        ...emissionIn(args),
        afterwards: upgradeNotices(seats),
      },
      world,
    );
  });
}

/** By the words; else what somebody has put into the bundle already; else what cert-manager makes, if asked. */
async function incomingOf(
  { incoming }: Material,
  seats: readonly Seat[],
  args: Arguments,
  options: GoingOptions,
  world: World,
): Promise<readonly Certificate[]> {
  if (incoming.length > 0) return incoming;
  const there = distinct(seats.flatMap(({ trust }) => comingIn(trust, world.clock())));
  if (there.length > 0) return there;
  if (args.flag("renew")) return renewedAnchor(seats, options, world);
  throw new UsageError(
    "no rotation is under way: name the new anchor (--anchor FILE), make one (--create DIR), or have cert-manager make it (--renew)",
  );
}

function emissionIn(args: Arguments): Pick<Talk, "emission"> {
  const folder = args.text("emit-manifests");
  const issuer = args.flag("emit-issuer");
  if (folder === undefined && issuer) throw new UsageError("--emit-issuer needs --emit-manifests DIR");
  return folder === undefined ? {} : { emission: { folder, issuer } };
}
