import { damageBytes, damageStructure } from "./der-damage.ts";
import { houses, leafOf, member, type Place } from "./houses.ts";
import { random } from "./random.ts";
import { spoils } from "./spoils.ts";

export interface Damaged {
  readonly id: number;
  readonly der: Buffer;
  readonly label: string;
}

/** Single certificates of every kind, damaged once or a few times: food for a parser. */
export function* ders(seed: number, from = 0): Generator<Damaged, never> {
  for (let id = from; ; id++) yield makeDer(seed, id);
}

const all = Object.entries(spoils);

function makeDer(seed: number, id: number): Damaged {
  const chance = random(seed, id, 1);
  const [name, spoil] = chance.pick(all);
  const place = chance.pick<Place | "leaf">(["anchor", "issuer", "leaf"]);
  const house = chance.weigh(houses);
  const wish = { label: name, spoil };
  const made = place === "leaf" ? leafOf(member(house, "issuer"), wish) : member(house, place, wish);
  const labels = [`${place}: ${name}`];
  let der = made.der;
  for (let hit = chance.pick([0, 1, 1, 1, 1, 2, 3]); hit > 0; hit--) {
    if (der.length === 0) break;
    const { bytes, what } = chance.pick([damageBytes, damageStructure])(der, chance);
    der = bytes;
    labels.push(what);
  }
  return { id, der, label: labels.join(", ") };
}
