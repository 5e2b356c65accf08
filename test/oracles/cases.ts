// An endless supply of trust bundles, issuers and keys: sound, unusual and broken ones.
// A seed and a number give the same case in every run (but for the salt of RSA-PSS
// signatures and of encrypted keys).

import type { Minted } from "../certificates/index.ts";
import { shaped } from "./generator/chains.ts";
import { dated, withLeaf } from "./generator/clock-and-leaf.ts";
import { tangled } from "./generator/graph.ts";
import { keyDamages } from "./generator/key-damage.ts";
import { amongOthers, type Material, material, type Path, somePath } from "./generator/material.ts";
import { pemDamages } from "./generator/pem-damage.ts";
import { type Random, random } from "./generator/random.ts";
import { spoiled } from "./generator/spoiled.ts";
import type { Question } from "./oracles.ts";

export interface Case extends Question {
  readonly id: number;
  /** What was done; the words before the first colon name the group. */
  readonly label: string;
  /** The leaf is the one that identity would mint with this issuer, and valid. */
  readonly leafIsSound: boolean;
}

/** What a case is mainly about. */
export type Kind = "text" | "key" | "certificate" | "chain" | "graph" | "clock" | "leaf";

/** Cases of every kind, or of one. */
export function* cases(seed: number, kind?: Kind, from = 0): Generator<Case, never> {
  for (let id = from; ; id++) yield makeCase(seed, id, kind);
}

export function makeCase(seed: number, id: number, kind?: Kind): Case {
  const chance = random(seed, id);
  const path = somePath(chance);
  const chosen = kind ?? chance.weigh(kinds);
  const made = makers[chosen](path, chance);
  return { id, ...write(made, chosen, chance) };
}

const kinds: readonly (readonly [number, Kind])[] = [
  [28, "text"],
  [6, "key"],
  [35, "certificate"],
  [10, "chain"],
  [8, "graph"],
  [8, "clock"],
  [5, "leaf"],
];

const sound = (path: Path, chance: Random): Material =>
  material(path, "sound", { bundle: amongOthers(chance, [path.anchor]) });

const makers: Readonly<Record<Kind, (path: Path, chance: Random) => Material>> = {
  text: sound,
  key: sound,
  certificate: spoiled,
  chain: shaped,
  graph: tangled,
  clock: dated,
  leaf: withLeaf,
};

/** Writes it all out as text, and damages the text: mostly where nothing else is wrong. */
function write(made: Material, kind: Kind, chance: Random): Omit<Case, "id"> {
  const [first] = made.chain;
  const texts = { bundle: pem(made.bundle), chain: pem(made.chain), key: first?.keyPem ?? "" };
  const labels = made.label === "sound" ? [] : [made.label];
  if (kind === "key" && first !== undefined) {
    const [label, damage] = chance.pick(Object.entries(keyDamages));
    labels.unshift(`key: ${label}`);
    texts.key = damage(first.key, chance);
  }
  for (let hits = numberOfHits(kind, chance); hits > 0; hits--) {
    const side = chance.weigh([
      [6, "bundle"],
      [3, "chain"],
      [1, "key"],
    ] as const);
    const [label, damage] = chance.pick(Object.entries(pemDamages));
    labels.unshift(`PEM of ${side}: ${label}`);
    texts[side] = damage(texts[side], chance);
  }
  return {
    label: labels.join("; ") || "sound",
    now: made.now,
    bundle: Buffer.from(texts.bundle, "latin1"),
    chain: Buffer.from(texts.chain, "latin1"),
    key: Buffer.from(texts.key, "latin1"),
    leaf: made.leaf.der,
    leafIsSound: made.leafIsSound,
  };
}

const pem = (certificates: readonly Minted[]): string => certificates.map((each) => each.pem).join("");

const numberOfHits = (kind: Kind, chance: Random): number =>
  kind === "text" ? chance.pick([0, 1, 1, 1, 1, 2, 2, 4]) : chance.pick([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
