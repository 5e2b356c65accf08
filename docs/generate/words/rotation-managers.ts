import type { Chapter } from "../permission-words.ts";

export const rotationManagers: Chapter = {
  title: "Who rotates, beside cert-manager and trust-manager",
  says: "Only where cert-manager makes the issuer or the anchor, or trust-manager the bundle.",
  files: ["rotation/rbac.yaml"],
  words: {
    "ClusterRole linkerd-certs-rotation-managers": {
      "get, patch bundles.trust.cert-manager.io/linkerd-identity-trust-roots": {
        why: "trust-manager's Bundle is given the second anchor.",
        thief: "put an anchor of their own into the trust bundle, and send it to namespaces of their choice",
      },
      "get, patch clusterbundles.trust-manager.io/linkerd-identity-trust-roots": {
        why: "The same, by its newer name.",
        thief: "the same as above",
      },
      "get clusterissuers.cert-manager.io": {
        why: "With what cert-manager signs. May be left out: then it is not looked at before.",
        thief: "read the settings of every ClusterIssuer",
      },
      "list deployments.apps": {
        why: "Where trust-manager reads its sources. May be left out: then it is taken to be cert-manager.",
        thief: "read every Deployment's template",
      },
    },
    "ClusterRole linkerd-certs-rotation-managed": {
      "get certificates.cert-manager.io,issuers.cert-manager.io": {
        why: "The Certificate to renew, and with what it is signed.",
        thief: "read how certificates of that namespace are made",
      },
      "update certificates.cert-manager.io/status": {
        why: "A renewal is asked for as `cmctl renew` does it.",
        thief: "have every Certificate of that namespace issued anew, again and again",
      },
      "get secrets/linkerd-trust-anchor": {
        why: "The anchor that cert-manager has made. Its key comes with it and is not looked at. Leave it out where nobody is to rotate by `--renew`.",
        thief:
          "read the anchor's key: sign issuers, and be anybody in the mesh until the anchor is gone from every proxy",
      },
      "get, patch secrets/linkerd-previous-anchor": {
        why: "The documented copy of the anchor before is kept in step.",
        thief:
          "read a former anchor's key, where the copy has it; put an anchor of their own among trust-manager's sources",
      },
    },
  },
};
