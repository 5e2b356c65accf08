import type { Chapter } from "../permission-words.ts";

export const guard: Chapter = {
  title: "The guard",
  says: "ServiceAccount `linkerd-certs` in namespace `linkerd-certs`, by default. With `certificate.mode` `cert-manager` or `files` it keeps only `get` of the webhook configuration, and Role `linkerd-certs-serving` is gone. [A test](../../test/manifests/access.cluster.test.ts) asks a real API server for these and for what must be refused.",
  files: ["guard/cluster-role.yaml", "guard/role.yaml"],
  words: {
    "ClusterRole linkerd-certs": {
      "list, watch pods": {
        why: "Which proxy trusts which bundle, and since when, stands in its pod. Asked for by label; RBAC knows no labels.",
        thief:
          "read every pod's specification in the cluster, and what somebody wrote into an environment variable instead of a Secret",
      },
      "get, list, watch namespaces/linkerd": {
        why: "When Linkerd's namespace is being deleted, its trust may go too.",
        thief: "read one namespace's labels",
      },
      "get, list, watch, patch validatingwebhookconfigurations.admissionregistration.k8s.io/linkerd-certs": {
        why: "The authority of the serving certificate is written into its own webhook configuration, and mended there.",
        thief:
          "switch the guard off; or turn the configuration round: to a server of their own and to all kinds of objects, so as to read whatever is written from then on, Secrets included, or to refuse every write. RBAC cannot hold a patch to one field, and no webhook or policy of the API is asked about such a write. Where that is too much: `certificate.mode=cert-manager`",
      },
    },
    "Role linkerd/linkerd-certs": {
      "get, list, watch configmaps/linkerd-identity-trust-roots,linkerd-config": {
        why: "The trust bundle, and the install's scheme and trust domain.",
        thief: "read certificates, which are public, and Linkerd's settings",
      },
      "get, list, watch secrets/linkerd-identity-issuer": {
        why: "Whether the issuer is sound, and its key its own. Kubernetes gives a Secret whole; the key is dropped as it is read.",
        thief:
          "read the issuer's key, and be anybody in the mesh until the issuer is replaced. This is what the guard's token is worth",
      },
      "create, patch events.events.k8s.io": {
        why: "Warnings about the two objects stand beside them.",
        thief:
          "write false warnings, or an event as identity writes it; a rotation counts identity's event as evidence that it took the issuer",
      },
    },
    "Role linkerd-certs/linkerd-certs-serving": {
      "get, list, watch, update secrets/linkerd-certs-serving": {
        why: "The authority and the certificate that the guard serves with, shared by its pods. The Secret is there already, so it need not create any.",
        thief:
          "pass for the guard where the network lets them: read the issuer's Secret, key included, when it is written, and let every write pass",
      },
    },
  },
};
