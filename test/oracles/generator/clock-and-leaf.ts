import { after, day, hour, type Spoil, second } from "../../certificates/index.ts";
import { leafOf } from "./houses.ts";
import { type Material, material, type Path } from "./material.ts";
import type { Random } from "./random.ts";
import { spoils } from "./spoils.ts";

/** The clock stands at the very edge of some certificate's validity. */
export function dated(path: Path, chance: Random): Material {
  const edge = chance.pick([path.anchor, path.intermediate ?? path.issuer, path.issuer, leafOf(path.issuer)]);
  const at = chance.pick([edge.notBefore, edge.notAfter]);
  const off = chance.pick([-day, -second, -1, 0, 1, 500, 999, second, second + 1, day]);
  const now = new Date(at.getTime() + off);
  const label = `clock: ${off} ms off an edge`;
  if (chance.chance(0.3)) return material(path, label, { now, leafIsSound: false });
  const span = { notBefore: new Date(now.getTime() - hour), notAfter: new Date(now.getTime() + hour) };
  return material(path, label, {
    now,
    leaf: leafOf(path.issuer, { label: `around ${now.getTime()}`, spoil: span }),
  });
}

export function withLeaf(path: Path, chance: Random): Material {
  const [label, spoil] = chance.pick(Object.entries({ ...spoils, ...leafSpoils }));
  return material(path, `leaf: ${label}`, {
    leaf: leafOf(path.issuer, { label, spoil }),
    leafIsSound: false,
  });
}

const leafSpoils: Readonly<Record<string, Spoil>> = {
  "no names": { sans: [] },
  "of another trust domain": { sans: ["dns:web.shop.serviceaccount.identity.linkerd.example.org"] },
  "a SPIFFE id": { sans: ["uri:spiffe://cluster.local/ns/shop/sa/web"] },
  "a CA": { basicConstraints: { ca: true } },
  "server only": { extKeyUsage: ["serverAuth"] },
  "client only": { extKeyUsage: ["clientAuth"] },
  "no usages": { extKeyUsage: false, keyUsage: false },
  "just over": { notAfter: after(-second) },
};
