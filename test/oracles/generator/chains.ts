import { after, day, issuer, keyPair, type Minted, type Spoil } from "../../certificates/index.ts";
import { type House, houses, leafOf, member, type Place } from "./houses.ts";
import { chainOf, type Material, material, type Path, pathIn } from "./material.ts";
import type { Random } from "./random.ts";

type Shape = (path: Path, chance: Random) => Partial<Material>;

/** Sound certificates in unusual company or order. */
const shapes: Readonly<Record<string, Shape>> = {
  "the other way round": (path) => ({ chain: chainOf(path).reverse() }),
  "intermediate missing": ({ house }) => ({ chain: [pathIn(house, true).issuer] }),
  "intermediate an anchor": ({ house }) => trusting(house, [member(house, "intermediate")]),
  "intermediate an anchor as well": ({ house }) =>
    trusting(house, [member(house, "intermediate"), member(house, "anchor")]),
  "issuer an anchor": (path) => ({ bundle: [path.issuer] }),
  "issuer an anchor as well": (path, chance) => ({ bundle: chance.shuffle([path.issuer, path.anchor]) }),
  "issuer and anchor are one": ({ anchor }) => ({ chain: [anchor], leaf: leafOf(anchor) }),
  "anchor in the chain": (path) => ({ chain: [...chainOf(path), path.anchor] }),
  "everything twice": (path) => ({
    bundle: [path.anchor, path.anchor],
    chain: chainOf(path).flatMap((each) => [each, each]),
  }),
  "a stranger in the chain": (path, chance) => ({
    chain: [...chainOf(path), member(chance.weigh(houses), "intermediate")],
  }),
  "a stranger's issuer": (_, chance) => ({ chain: [member(chance.weigh(houses), "issuer")] }),
  "a stranger's leaf": (_, chance) => ({
    leaf: leafOf(member(chance.weigh(houses), "issuer")),
    leafIsSound: false,
  }),
  "a stranger's anchor": (_, chance) => ({ bundle: [member(chance.weigh(houses), "anchor")] }),
  "a leaf for an anchor": (path) => ({ bundle: [leafOf(path.issuer)] }),
  "a leaf for an issuer": (path) => ({ chain: [leafOf(path.issuer), path.issuer] }),
  "cross-signed": ({ house, anchor, issuer }, chance) => {
    const other = chance.weigh(houses);
    return { bundle: [member(other, "anchor")], chain: [issuer, crossed(other, house, anchor)] };
  },
  "cross-signed, both trusted": ({ house, anchor, issuer }, chance) => {
    const other = chance.weigh(houses);
    return {
      bundle: chance.shuffle([member(other, "anchor"), anchor]),
      chain: [issuer, crossed(other, house, anchor)],
    };
  },
  "cross-signed and trusted": ({ house, anchor }, chance) => ({
    bundle: [crossed(chance.weigh(houses), house, anchor)],
  }),
  "in a loop": ({ house }) => {
    const [one, two] = [member(house, "anchor"), member(house, "intermediate")];
    const back = signed(two, "back", { key: one.key, subject: one.subject });
    return {
      bundle: [member(house, "anchor", { label: "elsewhere", spoil: { subject: "elsewhere" } })],
      chain: [pathIn(house, true).issuer, two, back],
    };
  },
  "namesakes of the anchor": ({ house, anchor }, chance) => {
    const others = namesakes(house, "anchor", chance.below(6), chance.chance(0.5));
    return { bundle: chance.shuffle([anchor, ...others]) };
  },
  "namesakes, not the anchor": ({ house }, chance) => ({
    bundle: namesakes(house, "anchor", 1 + chance.below(6), chance.chance(0.5)),
  }),
  "a hundred namesakes": ({ house, anchor }, chance) => {
    const others = namesakes(house, "anchor", 90 + chance.below(60), true);
    const silent = member(house, "issuer", { label: "no key id", spoil: { authorityKeyId: false } });
    return {
      bundle: chance.chance(0.5) ? [...others, anchor] : chance.shuffle([...others, anchor]),
      chain: [silent],
    };
  },
  "namesakes of the intermediate": ({ house }, chance) => {
    const others = namesakes(
      house,
      "intermediate",
      1 + chance.below(chance.pick([4, 130])),
      chance.chance(0.5),
    );
    const { issuer, intermediate } = pathIn(house, true);
    return { chain: [issuer, ...chance.shuffle([...others, ...(intermediate ? [intermediate] : [])])] };
  },
  "the same key by another name": ({ house, anchor }, chance) => {
    const other = member(house, "anchor", {
      label: "other name",
      spoil: { subject: "root.by.another.name" },
    });
    return { bundle: chance.pick([[other], [other, anchor], [anchor, other]]) };
  },
  "anchor renewed": ({ house, anchor }, chance) => {
    const renewed = member(house, "anchor", { label: "renewed", spoil: { notBefore: after(-day) } });
    return { bundle: chance.pick([[renewed], [renewed, anchor], [anchor, renewed]]) };
  },
  "anchor renewed after it expired": ({ house }, chance) => {
    const old = member(house, "anchor", { label: "old", spoil: { notAfter: after(-day) } });
    return { bundle: chance.pick([[old], [old, member(house, "anchor")], [member(house, "anchor"), old]]) };
  },
  "intermediate renewed after it expired": ({ house }, chance) => {
    const old = member(house, "intermediate", { label: "old", spoil: { notAfter: after(-day) } });
    return { chain: [pathIn(house, true).issuer, ...chance.shuffle([old, member(house, "intermediate")])] };
  },
  "anchor's name for the issuer": ({ house, anchor }) => {
    const same = member(house, "issuer", { label: "anchor's name", spoil: { subject: anchor.subject } });
    return { chain: [same], leaf: leafOf(same) };
  },
  "levels upon levels": ({ house, anchor }, chance) => tower(house, anchor, 2 + chance.below(8), false),
  "levels upon levels, no path lengths": ({ house }, chance) => {
    const open = member(house, "anchor", { label: "open", spoil: { basicConstraints: { ca: true } } });
    return { bundle: [open], ...tower(house, open, 2 + chance.below(chance.pick([4, 12])), true) };
  },
  "many anchors": ({ anchor }, chance) => ({
    bundle: chance.shuffle([anchor, ...crowd(100 + chance.below(100))]),
  }),
  "many anchors, not the one": (_, chance) => ({ bundle: crowd(100 + chance.below(100)) }),
};

export function shaped(path: Path, chance: Random): Material {
  const [label, shape] = chance.pick(Object.entries(shapes));
  return material(path, `chain: ${label}`, shape(path, chance));
}

const trusting = (house: House, bundle: readonly Minted[]): Partial<Material> => ({
  bundle,
  chain: [pathIn(house, true).issuer],
});

/** The anchor's name and key, certified by another house's anchor. */
function crossed(by: House, of: House, anchor: Minted): Minted {
  const spoil: Spoil = {
    key: anchor.key,
    subject: anchor.subject,
    basicConstraints: { ca: true, pathLength: 2 },
  };
  return member(by, "intermediate", { label: `cross for ${of.name}`, spoil });
}

const memory = new Map<string, Minted>();
function signed(by: Minted, label: string, spoil: Spoil): Minted {
  const id = `${by.fingerprint}/${label}`;
  const serial = BigInt(`0x${Buffer.from(label).toString("hex")}`);
  const made = memory.get(id) ?? issuer(by, { serial, basicConstraints: { ca: true }, ...spoil });
  memory.set(id, made);
  return made;
}

function namesakes(house: House, place: Place, count: number, withoutKeyId: boolean): Minted[] {
  return Array.from({ length: count }, (_, i) => {
    const key = keyPair("P-256", `namesake ${i}`);
    const spoil: Spoil = { key, ...(withoutKeyId ? { subjectKeyId: false as const } : {}) };
    return member(house, place, { label: `namesake ${i} ${withoutKeyId}`, spoil });
  });
}

function tower(house: House, anchor: Minted, levels: number, open: boolean): Partial<Material> {
  const built: Minted[] = [];
  for (let level = 0; level < levels; level++) {
    const key = keyPair("P-256", `level ${level}`);
    const spoil: Spoil = {
      key,
      subject: `level.${level}`,
      basicConstraints: { ca: true, ...(open ? {} : { pathLength: levels - level }) },
    };
    built.unshift(
      member(
        house,
        "intermediate",
        { label: `level ${level} ${open ? "" : levels}`, spoil },
        built[0] ?? anchor,
      ),
    );
  }
  return { chain: [member(house, "issuer", undefined, built[0] ?? anchor), ...built] };
}

function crowd(count: number): Minted[] {
  const [, green] = houses[1] ?? houses[0] ?? [];
  if (green === undefined) return [];
  return Array.from({ length: count }, (_, i) => {
    const spoil = { key: keyPair("P-256", `namesake ${i}`), subject: `root.${i}` };
    return member(green, "anchor", { label: `crowd ${i}`, spoil });
  });
}
