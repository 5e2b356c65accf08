import type { Chapter } from "../permission-words.ts";

export const check: Chapter = {
  title: "Who only checks",
  says: "For `check`, `inspect`, `report` and `validate --against live`. They only read; [a test](../../test/plugin/check/roles.cluster.test.ts) holds that with these they see what an administrator sees. The roles whose name ends in `-keys` are apart: without them everything but what is in Secrets is checked, and exit code 1 says so.",
  files: ["check/rbac.yaml"],
  words: {
    "ClusterRole linkerd-certs-check": {
      "get namespaces/linkerd": {
        why: "Is Linkerd there, and is it on its way out?",
        thief: "read one namespace's labels",
      },
      "list pods": {
        why: "Which proxies trust which bundle.",
        thief: "read every pod's specification in the cluster",
      },
      "get mutatingwebhookconfigurations.admissionregistration.k8s.io/linkerd-proxy-injector-webhook-config":
        {
          why: "Does the API server believe the injector's certificate?",
          thief: "read what is public",
        },
      "get validatingwebhookconfigurations.admissionregistration.k8s.io/linkerd-sp-validator-webhook-config,linkerd-policy-validator-webhook-config,linkerd-certs":
        {
          why: "The same for Linkerd's validators, and the guard.",
          thief: "read what is public",
        },
      "get bundles.trust.cert-manager.io/linkerd-identity-trust-roots": {
        why: "From what trust-manager makes the bundle.",
        thief: "read certificates, and the names of their sources",
      },
      "get clusterbundles.trust-manager.io/linkerd-identity-trust-roots": {
        why: "The same, by its newer name.",
        thief: "the same as above",
      },
      "list deployments.apps": {
        why: "Where trust-manager reads its sources. May be left out: then it is taken to be cert-manager.",
        thief: "read every Deployment's template",
      },
    },
    "Role linkerd/linkerd-certs-check": {
      "get configmaps/linkerd-identity-trust-roots,linkerd-config": {
        why: "The trust bundle, and what the install remembers of it.",
        thief: "read certificates, which are public, and Linkerd's settings",
      },
      "list events": {
        why: "Whether identity took the issuer.",
        thief: "read what is going on in Linkerd's namespace",
      },
      "list certificates.cert-manager.io": {
        why: "Whether cert-manager will renew it.",
        thief: "read how certificates of that namespace are made",
      },
    },
    "Role linkerd/linkerd-certs-check-keys": {
      "get secrets/linkerd-identity-issuer": {
        why: "Whether the issuer is sound, and its key its own.",
        thief: "read the issuer's key, and be anybody in the mesh until the issuer is replaced",
      },
      "get secrets/linkerd-config-overrides": {
        why: "What `linkerd upgrade` would write over both objects.",
        thief: "read the issuer's key that `linkerd install` stored",
      },
      "get secrets/linkerd-proxy-injector-k8s-tls,linkerd-sp-validator-k8s-tls,linkerd-policy-validator-k8s-tls":
        {
          why: "The certificates that Linkerd's webhooks serve with.",
          thief: "pass for the injector where the network lets them, and put containers into new pods",
        },
    },
    "Role linkerd-certs/linkerd-certs-check-keys": {
      "get secrets/linkerd-certs-serving,linkerd-certs-tls": {
        why: "The certificate that the guard serves with.",
        thief: "pass for the guard where the network lets them, and read what is written",
      },
    },
    "ClusterRole linkerd-certs-check-sources": {
      "get secrets/linkerd-trust-anchor,linkerd-previous-anchor": {
        why: "trust-manager's sources, to compare with what it makes of them.",
        thief: "read the anchor's key, where cert-manager made it; think twice",
      },
      "list certificates.cert-manager.io": {
        why: "Whether cert-manager will renew the anchor, and when.",
        thief: "read how certificates of that namespace are made",
      },
    },
    "ClusterRole linkerd-certs-check-proxy": {
      "get pods": {
        why: "The pod that `--proxy NAMESPACE/POD` names.",
        thief: "read that namespace's pods",
      },
      "get, create pods/portforward": {
        why: "The certificate that its proxy serves, for `--proxy`.",
        thief: "reach every port of that namespace's pods, past NetworkPolicies",
      },
    },
  },
};
