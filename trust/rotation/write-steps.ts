import { few, named } from "../naming.ts";
import type { Certificate } from "../x509/index.ts";
import { without } from "./anchors.ts";
import { type Part, part } from "./part.ts";
import type { Ways } from "./view.ts";

type Anchors = readonly Certificate[];

/** The bundle as it is to be, instead of as it is: a step, or what a person must commit. */
export function writeBundle({ bundle: way }: Ways, anchors: Anchors, before: Anchors, why: string): Part {
  const [adds, drops] = [without(anchors, before), without(before, anchors)];
  if (way.by !== "commit") return part({ steps: [{ kind: "write-bundle", anchors, adds, drops, why }] });
  const said = [
    ...(adds.length === 0 ? [] : [`add ${few(adds.map(named))}`]),
    ...(drops.length === 0 ? [] : [`take out ${few(drops.map(named))}`]),
  ].join(" and ");
  const what = `${way.owner} writes the trust bundle, and would write it back: ${said} where it reads`;
  return part({ blocks: [{ what, remedy: way.remedy }] });
}

/** The issuer's Secret: a step, or what a person must commit. */
export function writeIssuer({ issuer: way }: Ways, why: string): Part {
  if (way.by !== "commit") return part({ steps: [{ kind: "write-issuer", why }] });
  const what = `${way.owner} writes the issuer, and would write it back: put the new one where it reads`;
  return part({ blocks: [{ what, remedy: way.remedy }] });
}
