import { after, day, keyPair, type Minted, mint, type Spoil } from "../../certificates/index.ts";
import { kept, leafOf } from "./houses.ts";
import { amongOthers, type Material, material, type Path } from "./material.ts";
import type { Random } from "./random.ts";

/** Somebody who signs: a name and a key, either of which others may share. */
interface Signer {
  readonly name: string;
  readonly key: string;
}

/**
 * A few signers who certify one another at random, and somewhere among them a way from
 * an anchor to the issuer. Whoever builds paths must not lose the way, nor find a wrong one.
 */
export function tangled(path: Path, chance: Random): Material {
  const dense = chance.chance(0.04);
  const signers = Array.from({ length: 2 + chance.below(5) }, () =>
    someone(dense ? ["a"] : ["a", "b", "c", "d"], chance),
  );
  const way = chance.shuffle(signers).slice(0, 1 + chance.below(4));
  const certificates = way.map((to, i) => certify(way[i - 1] ?? to, to, chance));
  const noise = Array.from({ length: dense ? 10 + chance.below(50) : chance.below(8) }, () =>
    certify(chance.pick(signers), chance.pick(signers), chance),
  );
  const issuer = certificates.at(-1);
  if (issuer === undefined) return material(path, "sound");
  // Where no anchor has the name, webpki spends its whole allowance of paths: a quarter of a second. So, seldom.
  const stranger = { name: chance.chance(0.05) ? "nobody" : "a", key: "nobody" };
  const anchors =
    dense && chance.chance(0.7)
      ? [certify(stranger, stranger, chance)]
      : [...certificates.slice(0, 1), ...some(noise, chance)];
  const bundle = amongOthers(chance, anchors);
  const chain = [
    issuer,
    ...chance.shuffle([...certificates.slice(1, -1), ...(dense ? noise : some(noise, chance))]),
  ];
  const label = `graph: ${certificates.length} on the way, ${noise.length} beside it`;
  return material(path, label, { bundle, chain, leaf: leafOf(issuer) });
}

const someone = (names: readonly string[], chance: Random): Signer => ({
  name: chance.pick(names),
  key: chance.pick(["1", "2", "3", "4"]),
});

const some = <T>(list: readonly T[], chance: Random): T[] => list.filter(() => chance.chance(0.4));

function certify(by: Signer, who: Signer, chance: Random): Minted {
  const [label, spoil] = chance.weigh(manners);
  const [key, signer] = [keyPair("P-256", `graph ${who.key}`), keyPair("P-256", `graph ${by.key}`)];
  return kept(`graph/${by.name}${by.key}/${who.name}${who.key}/${label}`, (serial) =>
    mint(undefined, {
      name: who.name,
      issuerName: by.name,
      key,
      signer,
      serial,
      notBefore: after(-day),
      notAfter: after(365 * day),
      basicConstraints: { ca: true },
      keyUsage: ["keyCertSign", "cRLSign"],
      subjectKeyId: key.keyId,
      authorityKeyId: signer.keyId,
      ...spoil,
    }),
  );
}

const manners: readonly (readonly [number, readonly [string, Spoil]])[] = [
  [12, ["plain", {}]],
  [3, ["no key ids", { subjectKeyId: false, authorityKeyId: false }]],
  [2, ["no subject key id", { subjectKeyId: false }]],
  [2, ["no authority key id", { authorityKeyId: false }]],
  [1, ["wrong subject key id", { subjectKeyId: Buffer.alloc(20, 5) }]],
  [1, ["wrong authority key id", { authorityKeyId: Buffer.alloc(20, 5) }]],
  [1, ["path length 0", { basicConstraints: { ca: true, pathLength: 0 } }]],
  [1, ["path length 1", { basicConstraints: { ca: true, pathLength: 1 } }]],
  [1, ["path length 2", { basicConstraints: { ca: true, pathLength: 2 } }]],
  [1, ["over", { notAfter: after(-1000) }]],
  [1, ["not a CA", { basicConstraints: { ca: false } }]],
  [
    1,
    [
      "version one",
      { version: 1, basicConstraints: false, keyUsage: false, subjectKeyId: false, authorityKeyId: false },
    ],
  ],
  [1, ["signs no certificates", { keyUsage: ["cRLSign"] }]],
  [1, ["client only", { extKeyUsage: ["clientAuth"] }]],
  [1, ["elsewhere", { nameConstraints: { permitted: ["dns:example.org"] } }]],
  [1, ["badly signed", { flipSignature: true }]],
];
