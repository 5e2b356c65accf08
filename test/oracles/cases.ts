// An endless supply of trust bundles, issuers and keys: sound, unusual and broken ones.
// A seed and a number give the same case in every run (but for the salt of RSA-PSS
// signatures and of encrypted keys).

import type { Minted } from "../certificates/index.ts";
import { shaped } from "./generator/chains.ts";
import { dated, withLeaf } from "./generator/clock-and-leaf.ts";
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

export function* cases(seed: number, from = 0): Generator<Case, never> {
  for (let id = from; ; id++) yield makeCase(seed, id);
}

export function makeCase(seed: number, id: number): Case {
  const chance = random(seed, id);
  const path = somePath(chance);
  const made = chance.weigh<(path: Path, chance: Random) => Material>([
    [33, plain],
    [35, spoiled],
    [15, shaped],
    [12, dated],
    [5, withLeaf],
  ])(path, chance);
  return { id, ...write(made, chance) };
}

const plain = (path: Path, chance: Random): Material =>
  material(path, "sound", { bundle: amongOthers(chance, [path.anchor]) });

/** Writes it all out as text, and damages the text: mostly where nothing else is wrong. */
function write(made: Material, chance: Random): Omit<Case, "id"> {
  const [first] = made.chain;
  const texts = { bundle: pem(made.bundle), chain: pem(made.chain), key: first?.keyPem ?? "" };
  const labels = made.label === "sound" ? [] : [made.label];
  const hits = labels.length === 0 ? chance.pick([0, 1, 1, 1, 1, 2]) : chance.chance(0.1) ? 1 : 0;
  for (let hit = 0; hit < hits; hit++) {
    const side = chance.weigh([
      [6, "bundle"],
      [3, "chain"],
      [1, "key"],
      [2, undefined],
    ] as const);
    if (side !== undefined) {
      const [label, damage] = chance.pick(Object.entries(pemDamages));
      labels.unshift(`PEM of ${side}: ${label}`);
      texts[side] = damage(texts[side], chance);
    } else if (first !== undefined) {
      const [label, damage] = chance.pick(Object.entries(keyDamages));
      labels.unshift(`key: ${label}`);
      texts.key = damage(first.key, chance);
    }
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
