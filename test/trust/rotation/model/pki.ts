// The certificates of the model's meshes, by name.
import type { Certificate } from "../../../../trust/x509/index.ts";
import * as certificates from "../../../certificates/index.ts";
import { after, day, keyPair, type Minted } from "../../../certificates/index.ts";
import { opened } from "../../opened.ts";

/** "again" is "old" under other dates: the same name and key. "third" is nobody's business. */
export type Name = "old" | "again" | "next" | "third";

const keyOf = (name: Name): string => (name === "again" ? "old" : name);
const mint = (name: Name): Minted =>
  certificates.anchor(keyOf(name), {
    key: keyPair("P-256", `model ${keyOf(name)}`),
    ...(name === "old" ? {} : { notBefore: after(-day) }),
  });

export const minted: Readonly<Record<Name, Minted>> = {
  old: mint("old"),
  again: mint("again"),
  next: mint("next"),
  third: mint("third"),
};

export interface Issuer {
  readonly of: Name;
  readonly minted: Minted;
  readonly certificate: Certificate;
}

function issuerOf(of: Name): Issuer {
  const one = certificates.issuer(minted[of], { notBefore: after(-3_600_000) });
  return { of, minted: one, certificate: opened(one) };
}

/** Two for each anchor: one may come after the other. */
export const issuers: Readonly<Record<Name, readonly [Issuer, Issuer]>> = {
  old: [issuerOf("old"), issuerOf("old")],
  again: [issuerOf("again"), issuerOf("again")],
  next: [issuerOf("next"), issuerOf("next")],
  third: [issuerOf("third"), issuerOf("third")],
};

const bundles = new Map<string, readonly Certificate[]>();

/** The anchors of a bundle: one array for each set of names, as an observer keeps them. */
export function anchorsOf(names: readonly Name[]): readonly Certificate[] {
  const key = names.join();
  const known = bundles.get(key) ?? names.map((name) => opened(minted[name]));
  bundles.set(key, known);
  return known;
}

export function namesOf(anchors: readonly Certificate[]): Name[] {
  const all = Object.keys(minted) as Name[];
  return anchors.map((one) => all.find((name) => minted[name].fingerprint === one.fingerprint) ?? "third");
}

/** What a proxy or an identity with these anchors thinks of what this one signs. */
export const trusts = (names: readonly Name[], of: Name): boolean =>
  names.some((name) => keyOf(name) === keyOf(of));
