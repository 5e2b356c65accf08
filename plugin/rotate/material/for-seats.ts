import type { Arguments } from "../../command.ts";
import { type MeshNames, namesOf } from "../../material/profiles.ts";
import type { World } from "../../world.ts";
import type { Errand } from "../errand/session.ts";
import type { Seat } from "../seat.ts";
import { type Material, materialIn } from "./in-words.ts";

/** What the words bring; what is made gets the names of the first cluster's mesh. */
export function materialFor(seats: readonly Seat[], args: Arguments, world: World): Promise<Material> {
  return materialIn(args, namesIn(seats[0], undefined, args), world);
}

/** The issuer for a cluster when its time has come, with the names of its own mesh; nothing where nobody gave one. */
export function issuerFor(
  { issuer }: Pick<Material, "issuer">,
  args: Arguments,
  world: World,
): Pick<Errand, "issuerFor"> {
  if (issuer === undefined) return {};
  return {
    issuerFor(seat, member) {
      const running = member().observer.sources().mesh?.identity?.trustDomain;
      return issuer.make(namesIn(seat, running, args), world.clock());
    },
  };
}

/** By the words, by what identity runs with, by what the install records, by what the issuer there is called. */
function namesIn(seat: Seat | undefined, running: string | undefined, args: Arguments): MeshNames {
  const namespace = args.text("linkerd-namespace") ?? "linkerd";
  const called = seat?.trust.issuer?.certificate.name.match(/^identity\.[^.]+\.(.+[^.])$/)?.[1];
  const trustDomain =
    args.text("trust-domain") ?? running ?? seat?.trust.trustDomain ?? called ?? "cluster.local";
  return namesOf(namespace, trustDomain);
}
