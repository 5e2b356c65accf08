import { type Minted, type Spoil, withDer } from "../../certificates/index.ts";
import { damageBytes, damageStructure } from "./der-damage.ts";
import { leafOf, member, type Place, type Wish } from "./houses.ts";
import { amongOthers, chainOf, type Material, material, type Path } from "./material.ts";
import { constraints } from "./odd-constraints.ts";
import { type Random, random } from "./random.ts";
import { spoils } from "./spoils.ts";

/** One certificate of the path is spoiled, sometimes more; those below follow it, or do not know. */
export function spoiled(path: Path, chance: Random): Material {
  const wishes = someWishes(path, chance);
  const make = (place: Place, under?: Minted) => member(path.house, place, wishes.get(place), under);
  const follow = chance.chance(0.6);
  const anchor = make("anchor");
  const intermediate = path.intermediate && make("intermediate", follow ? anchor : path.anchor);
  const issuer = make("issuer", follow ? (intermediate ?? anchor) : (path.intermediate ?? path.anchor));
  const anchors = chance.weigh([
    [7, [anchor]],
    [2, [anchor, path.anchor]],
    [1, [path.anchor]],
  ]);
  const label = [...wishes].map(([place, wish]) => `${place}: ${wish.label}`).join(", ");
  const change = { bundle: amongOthers(chance, anchors), chain: chainOf({ ...path, issuer, intermediate }) };
  return damaged(material(path, label, { ...change, ...oddLeaf(issuer, chance) }), chance);
}

/** What names a leaf has matters to the constraints above it. */
function oddLeaf(issuer: Minted, chance: Random): Partial<Material> {
  if (!chance.chance(0.15)) return {};
  const [label, spoil] = chance.pick(Object.entries(constraints));
  return { leaf: leafOf(issuer, { label, spoil }), leafIsSound: false };
}

type Spoils = readonly (readonly [string, Spoil])[];
const everything: Spoils = Object.entries(spoils);
const byTopic = Object.values(Object.groupBy(everything, ([label]) => label.split(":")[0] ?? "")) as Spoils[]; // every group has members

// Constraints, path lengths and key ids only meet in two certificates about the same.
function someWishes(path: Path, chance: Random): Map<Place, Wish> {
  const places: Place[] = path.intermediate ? ["anchor", "intermediate", "issuer"] : ["anchor", "issuer"];
  const count = chance.weigh([
    [6, 1],
    [3, 2],
    [1, 3],
  ]);
  const topic = count > 1 && chance.chance(0.6) ? chance.pick(byTopic) : everything;
  return new Map(
    chance
      .shuffle(places)
      .slice(0, count)
      .map((place) => [place, someWish(topic, chance)]),
  );
}

function someWish(topic: Spoils, chance: Random): Wish {
  const count = chance.weigh([
    [8, 1],
    [2, 2],
    [1, 0],
  ]);
  if (count === 0) return tampering(chance);
  const chosen = Array.from({ length: count }, () => chance.pick(topic));
  const label = chosen.map(([name]) => name).join(" + ");
  return { label, spoil: Object.assign({}, ...chosen.map(([, spoil]) => spoil)) as Spoil }; // spoils, merged
}

/** Damage under a good signature. */
function tampering(chance: Random): Wish {
  const draw = chance.below(2 ** 31);
  const [what, damage] = chance.chance(0.5)
    ? (["structure", damageStructure] as const)
    : (["bytes", damageBytes] as const);
  return {
    label: `${what} damaged, then signed (${draw})`,
    spoil: { tamper: (body) => damage(body, random(draw)).bytes },
  };
}

/** One in ten of these has a certificate damaged after it was signed. */
function damaged(made: Material, chance: Random): Material {
  if (!chance.chance(0.1)) return made;
  const side = chance.pick(["bundle", "chain"] as const);
  const at = chance.below(made[side].length);
  const damage = chance.pick([damageBytes, damageStructure]);
  let label = made.label;
  const certificates = made[side].map((certificate, i) => {
    if (i !== at) return certificate;
    const { bytes, what } = damage(certificate.der, chance);
    label = `DER: ${side} ${i}, ${what}; ${made.label}`;
    return withDer(certificate, bytes);
  });
  return { ...made, [side]: certificates, label };
}
