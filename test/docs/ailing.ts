import { anchor, issuer, type Minted } from "../certificates/index.ts";
import { mintMaterial } from "../scenarios/material.ts";

/** What a mesh has, as texts of PEM. */
export interface Trust {
  readonly bundle: string;
  readonly chain: string;
  readonly key: string;
}

/** An anchor and an issuer that a rule of this name finds something wrong with; the anchor's key is there to sign anew. */
export interface Ailing {
  readonly anchor: Minted;
  readonly issuer?: Minted;
}

const day = 86_400_000;

/** For each section of the page that tells people to make certificates: what is wrong until they have. */
export function ailingAt(now: Date): Readonly<Record<string, Ailing>> {
  const { first, ...material } = mintMaterial(now);
  const at = (days: number) => new Date(now.getTime() + days * day);
  const until = (days: number) => ({ notBefore: at(-300), notAfter: at(days) });
  const alone = (bad: Minted): Ailing => ({ anchor: bad, issuer: issuer(bad, until(20)) });
  const under = (bad: Minted): Ailing => ({ anchor: first, issuer: bad });
  const short = anchor("short.root.linkerd.cluster.local", until(200));
  return {
    "anchor-is-ca": alone(anchor("a server", { ...until(3650), basicConstraints: { ca: false } })),
    "anchor-algorithm-supported": alone(material.curveAnchor),
    "anchor-not-expiring-soon": alone(anchor("ending.root.linkerd.cluster.local", until(30))),
    "anchor-outlives-issuer": { anchor: short, issuer: issuer(short, until(365)) },
    "issuer-present": { anchor: first },
    "issuer-is-ca": under(material.leafInstead),
    "issuer-algorithm-supported": under(material.rsa),
    "issuer-not-expired": under(material.expired),
    "issuer-allows-trust-domain": under(material.constrained),
    "issuer-not-expiring-soon": under(issuer(first, until(20))),
    "issuer-is-not-an-anchor": { anchor: first, issuer: first },
    "issuer-name-differs-from-anchor": under(issuer(first, { ...until(365), name: first.name })),
  };
}

export const trustOf = (ailing: Ailing): Trust => ({
  bundle: ailing.anchor.pem,
  chain: ailing.issuer?.pem ?? "",
  key: ailing.issuer?.keyPem ?? "",
});
