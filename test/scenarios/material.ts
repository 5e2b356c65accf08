import { anchor, issuer, keyPair, type Minted } from "../certificates/index.ts";

const day = 86_400_000;

/** Everything a story of good and bad writes needs, valid around the given moment. */
export function mintMaterial(now: Date) {
  const from = new Date(now.getTime() - day);
  const inDays = (days: number) => new Date(now.getTime() + days * day);
  const root = (name: string, spoil = {}) =>
    anchor(name, { notBefore: from, notAfter: inDays(3650), ...spoil });
  const under = (parent: Minted, spoil = {}) =>
    issuer(parent, { notBefore: from, notAfter: inDays(365), ...spoil });

  const first = root("first.root.linkerd.cluster.local");
  const second = root("second.root.linkerd.cluster.local");
  const stranger = root("stranger.root.linkerd.cluster.local");
  return {
    first,
    second,
    stranger,
    live: under(first),
    renewed: under(first, { notAfter: inDays(400) }),
    next: under(second),
    expiredAnchor: root("expired.root.linkerd.cluster.local", {
      notBefore: inDays(-400),
      notAfter: inDays(-30),
    }),
    curveAnchor: root("p384.root.linkerd.cluster.local", { keyKind: "P-384" }),
    foreign: under(stranger),
    leafInstead: under(first, { basicConstraints: { ca: false }, keyUsage: ["digitalSignature"] }),
    rsa: under(first, { keyKind: "RSA-2048" }),
    tooLong: under(first, { notAfter: inDays(7300) }),
    expired: under(first, { notBefore: inDays(-90), notAfter: inDays(-1) }),
    constrained: under(first, { nameConstraints: { permitted: ["dns:example.com"], critical: true } }),
    otherKey: keyPair("P-256", "another issuer's"),
  } as const;
}

export type Material = ReturnType<typeof mintMaterial>;
