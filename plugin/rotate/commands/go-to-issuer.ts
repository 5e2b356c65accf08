import type { IssuerGoal } from "../../../trust/rotation/goal.ts";
import { type Arguments, type Command, UsageError } from "../../command.ts";
import type { ExitCode } from "../../exit-codes.ts";
import type { World } from "../../world.ts";
import { commandLine } from "../command-line.ts";
import { runErrand } from "../errand/run-errand.ts";
import { goalToGoOnWith, rotationToGoOnWith } from "../goals.ts";
import { issuerFor, materialFor } from "../material/for-seats.ts";
import { insistSound } from "../material/sound.ts";
import type { GoingOptions } from "../options.ts";
import type { Seat, TrustNow } from "../seat.ts";
import { withSeats } from "../with-seats.ts";
import { upgradeNotices } from "./upgrade-notices.ts";

/** `rotate issuer`: each cluster for itself, one after the other. */
export function goToIssuer(command: Command, args: Arguments, world: World): Promise<ExitCode> {
  return withSeats(args, world, async (seats, options) => {
    let code: ExitCode = 0;
    for (const seat of seats) {
      code = await goIn(seat, options);
      if (code !== 0) return code;
    }
    return code;

    async function goIn(seat: Seat, options: GoingOptions): Promise<ExitCode> {
      const material = await materialFor([seat], args, world);
      const recorded = goalToGoOnWith([seat], "issuer", []);
      if (
        material.issuer === undefined &&
        recorded === undefined &&
        !seat.trust.owners.issuer.some(({ kind }) => kind === "cert-manager")
      )
        throw new UsageError(
          "name the new issuer (--issuer, --issuer-key), or who signs it (--ca, --ca-key)",
        );
      const goal = recorded ?? insteadOf(seat.trust);
      insistSound(material, goal, [seat], world.clock());
      return runErrand(
        {
          ...{ purpose: command.name, goal, seats: [seat], options, rotation: rotationToGoOnWith([seat]) },
          ...issuerFor(material, args, world),
        },
        {
          says: material.says,
          again: commandLine(command, args, world.calledAs),
          keep: () => {},
          afterwards: upgradeNotices([seat], ["issuer"]),
        },
        world,
      );
    }
  });
}

/** Another issuer than the one there is, or any where none can be read. */
export function insteadOf({ issuer }: TrustNow): IssuerGoal {
  return { kind: "issuer", ...(issuer === undefined ? {} : { replaces: issuer.certificate.fingerprint }) };
}
