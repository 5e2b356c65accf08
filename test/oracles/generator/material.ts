import { type Minted, now } from "../../certificates/index.ts";
import { type House, houses, leafOf, member } from "./houses.ts";
import type { Random } from "./random.ts";

/** What a case is made of, before it is written out. */
export interface Material {
  readonly now: Date;
  readonly bundle: readonly Minted[];
  readonly chain: readonly Minted[];
  readonly leaf: Minted;
  /** The leaf is the one that identity would mint with this issuer, and valid. */
  readonly leafIsSound: boolean;
  /** What was done. */
  readonly label: string;
}

/** From the anchor down to the issuer. */
export interface Path {
  readonly house: House;
  readonly anchor: Minted;
  readonly intermediate: Minted | undefined;
  readonly issuer: Minted;
}

export function pathIn(house: House, deep: boolean): Path {
  const anchor = member(house, "anchor");
  const intermediate = deep ? member(house, "intermediate") : undefined;
  return { house, anchor, intermediate, issuer: member(house, "issuer", undefined, intermediate ?? anchor) };
}

export const somePath = (chance: Random): Path => pathIn(chance.weigh(houses), chance.chance(0.25));

export const chainOf = ({ issuer, intermediate }: Path): Minted[] =>
  intermediate ? [issuer, intermediate] : [issuer];

/** Sound as it stands; `change` says what is otherwise. */
export function material(path: Path, label: string, change: Partial<Material> = {}): Material {
  const chain = change.chain ?? chainOf(path);
  return {
    now,
    bundle: [path.anchor],
    chain,
    leaf: leafOf(chain[0] ?? path.issuer),
    leafIsSound: true,
    label,
    ...change,
  };
}

/** These anchors among none, one or some of other houses. */
export function amongOthers(chance: Random, anchors: readonly Minted[]): Minted[] {
  const count = chance.weigh([
    [6, 0],
    [3, 1],
    [1, 3],
  ]);
  const others = Array.from({ length: count }, () => member(chance.weigh(houses), "anchor"));
  return chance.shuffle([...anchors, ...others]);
}
