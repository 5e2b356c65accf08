/** What is asked where several clusters are looked at together. Explained in docs/check.md. */
export const clusterChecks = {
  trust: {
    id: "clusters-trust-each-other",
    severity: "deny",
    summary: "every cluster trusts the issuer of every other",
    breaks: "Proxies of one cluster refuse those of the other, so nothing mirrored between them answers.",
    remedy: "Add the missing anchor to every cluster and restart its proxies, before any issuer changes.",
  },
  share: {
    id: "clusters-share-anchors",
    severity: "warn",
    summary: "every cluster has the anchors of every other",
    breaks: "As soon as an issuer rests on the missing anchor, the clusters refuse each other.",
    remedy: "During a rotation, add the new anchor everywhere first; drop the old one everywhere last.",
  },
} as const;
