import type { Chapter } from "../permission-words.ts";

export const rotation: Chapter = {
  title: "Who rotates",
  says: "For `rotate` and `recover expired`, by a person or a job that is no cluster administrator. What a rotation cannot do without it asks for before its first write, and names what is missing. Bind the roles when one is due, and take the bindings away after it. [A test](../../test/rotation/desk/docs.cluster.test.ts) rotates with these alone, and with restarts allowed only where the mesh is. What stands in **bold** the [policy](../../manifests/rotation/policy.yaml) beside the roles takes away; [another](../../test/rotation/policy.cluster.test.ts) tries.",
  files: ["rotation/rbac.yaml"],
  words: {
    "ClusterRole linkerd-certs-rotation": {
      "list, watch pods": {
        why: "Which proxies trust which anchors; each gate rests on it.",
        thief: "read every pod's specification in the cluster",
      },
      "list, watch deployments.apps,statefulsets.apps,daemonsets.apps": {
        why: "What is to be restarted, and whether it comes back.",
        thief: "read every workload's template",
      },
      "list, watch rollouts.argoproj.io": {
        why: "The same of Argo Rollouts, where they are installed.",
        thief: "read every Rollout's template",
      },
      "list events": {
        why: "Why a workload does not come back. May be left out: then it is not said.",
        thief: "read what is going on in the cluster",
      },
      "perform rotations.linkerd-certs.io": {
        why: "A mark, for no such resource exists: by it the policy knows whom to hold.",
        thief: "do nothing",
      },
    },
    "ClusterRole linkerd-certs-rotation-restarts": {
      "create pods": {
        why: "Pods by dry-run, to see what the injector gives to new ones. None is ever made; RBAC cannot say so.",
        thief:
          "**run any pod, with any ServiceAccount and any Secret of that namespace; where Pod Security allows it, with the node's disk. Bound to the whole cluster, this is an administrator**",
      },
      "patch deployments.apps,statefulsets.apps,daemonsets.apps": {
        why: "A restart is an annotation in the template; RBAC knows no fields.",
        thief:
          "restart workloads as often as they like; **run any image in place of any workload: the same as above**",
      },
      "patch rollouts.argoproj.io": {
        why: "The same, by `spec.restartAt`.",
        thief: "the same as above",
      },
      "create, patch events.events.k8s.io": {
        why: "A word at the workload on who has restarted it.",
        thief: "write false events",
      },
    },
    "Role linkerd/linkerd-certs-rotation": {
      "create, get, list, patch configmaps": {
        why: "The trust bundle, what the install remembers of it, and the journal, which is named by the rotation.",
        thief:
          "put an anchor of their own into the trust bundle, which the guard lets pass if it is sound; forge a journal; change what the install remembers; **change Linkerd's other settings**",
      },
      "watch configmaps/linkerd-identity-trust-roots": {
        why: "The trust bundle, as it changes.",
        thief: "nothing that the line above does not allow",
      },
      "get, list, watch, patch secrets/linkerd-identity-issuer": {
        why: "The issuer is looked at, kept for the way back, and replaced.",
        thief:
          "read the issuer's key, and be anybody in the mesh; put an issuer of their own in its place, if it chains",
      },
      "get, update, delete secrets/linkerd-certs-previous-issuer": {
        why: "The issuer before, for `rotate rollback`; deleted when the rotation is done.",
        thief: "read that issuer's key, while the copy is there; take the way back away",
      },
      "get, patch secrets/linkerd-config-overrides": {
        why: "What `linkerd install` stored, the issuer's key with it, is kept in step.",
        thief:
          "read the key that is stored there; bring in settings of their own with the next `linkerd upgrade`",
      },
      "create secrets": {
        why: "The copy of the issuer before, and an issuer where there is none. `create` cannot be held to a name.",
        thief:
          "**make a Secret under one of the names above that Kubernetes fills with the token of any ServiceAccount in Linkerd's namespace, and read it**",
      },
      "list, watch events": {
        why: "Identity says in events whether it took the issuer.",
        thief: "read what is going on in Linkerd's namespace",
      },
      "create, patch events.events.k8s.io": {
        why: "A word at the two objects on who has written them.",
        thief: "forge identity's word that it took the issuer",
      },
      "get, patch leases.coordination.k8s.io/linkerd-certs-rotation": {
        why: "One rotation at a time.",
        thief: "hold every rotation up, or take the lease from one under way, which then stops",
      },
      "create leases.coordination.k8s.io": {
        why: "The lease, the first time.",
        thief: "**make leases that nobody asks for**",
      },
    },
  },
};
