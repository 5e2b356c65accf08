import { createHash } from "node:crypto";
import {
  anchor,
  issuer,
  type KeyKind,
  keyPair,
  leaf,
  type Minted,
  type Spoil,
} from "../../certificates/index.ts";

export type Place = "anchor" | "intermediate" | "issuer";

/** A family of certificates: one anchor, an intermediate and an issuer, each with its kind of key. */
export interface House {
  readonly name: string;
  readonly kinds: Readonly<Record<Place, KeyKind>>;
}

/** How one of the house's certificates is to differ; the label keeps spoils apart. */
export interface Wish {
  readonly label: string;
  readonly spoil: Spoil;
}

const house = (name: string, anchor: KeyKind, issuer: KeyKind, intermediate: KeyKind = anchor): House => ({
  name,
  kinds: { anchor, intermediate, issuer },
});

/** As likely as they are listed: what Linkerd documents most often, the rest for its own sake. */
export const houses: readonly (readonly [number, House])[] = [
  [12, house("red", "P-256", "P-256")],
  [8, house("green", "P-256", "P-256")],
  [8, house("blue", "P-256", "P-256")],
  [2, house("grand", "P-384", "P-256")],
  [1, house("grander", "P-521", "P-384")],
  [2, house("old", "RSA-2048", "P-256")],
  [1, house("older", "RSA-4096", "RSA-2048", "RSA-3072")],
  [1, house("weak", "RSA-1024", "P-256")],
  [1, house("modern", "Ed25519", "P-256")],
  [1, house("short", "P-224", "P-224", "P-256")],
  [1, house("mixed", "P-256", "Ed25519", "P-384")],
];

/** The house's certificate at a place, spoiled as wished; under its sound parent, unless told another. */
export function member(of: House, place: Place, wish?: Wish, under?: Minted): Minted {
  const parent = place === "anchor" ? undefined : (under ?? member(of, "anchor"));
  return kept(`${of.name}/${place}/${wish?.label}/${parent?.fingerprint}`, (serial) => {
    const key = keyPair(of.kinds[place], `${of.name} ${place}`);
    const spoil: Spoil = { key, serial, ...wish?.spoil };
    if (parent === undefined)
      return anchor("root.linkerd.cluster.local", { ...roomy(3), ...spoil, ...named(of, spoil) });
    if (place === "issuer") return issuer(parent, spoil);
    return issuer(parent, { name: `intermediate.${of.name}`, ...roomy(1), ...spoil });
  });
}

/** The certificate a proxy would get from this issuer: Linkerd has all of them signed with SHA-256. */
export function leafOf(of: Minted, wish?: Wish): Minted {
  return kept(`leaf/${wish?.label}/${of.key.label}/${of.key.kind}/${of.subject.toString("hex")}`, (serial) =>
    leaf(of, { serial, ...(of.key.scalar !== undefined && { algorithm: "ecdsa-sha256" }), ...wish?.spoil }),
  );
}

const roomy = (pathLength: number): Spoil => ({ basicConstraints: { ca: true, pathLength } });

// Two houses in three share the anchor's name, as Linkerd's own installs do.
const named = (of: House, spoil: Spoil): Spoil =>
  spoil.subject === undefined && ["green", "grand", "old"].includes(of.name)
    ? { subject: `root.${of.name}` }
    : {};

const memory = new Map<string, Minted>();

// The serial comes from what is asked for, not from when: any case can be made again alone.
export function kept(id: string, make: (serial: Buffer) => Minted): Minted {
  const known = memory.get(id);
  if (known !== undefined) return known;
  if (memory.size > 50_000) memory.clear();
  const serial = createHash("sha256").update(id).digest().subarray(0, 16);
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0);
  const made = make(serial);
  memory.set(id, made);
  return made;
}
