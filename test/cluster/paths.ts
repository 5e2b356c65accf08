const resources: Readonly<Record<string, readonly [prefix: string, plural: string]>> = {
  Namespace: ["/api/v1", "namespaces"],
  ServiceAccount: ["/api/v1", "serviceaccounts"],
  ConfigMap: ["/api/v1", "configmaps"],
  Secret: ["/api/v1", "secrets"],
  Pod: ["/api/v1", "pods"],
  Service: ["/api/v1", "services"],
  Deployment: ["/apis/apps/v1", "deployments"],
  StatefulSet: ["/apis/apps/v1", "statefulsets"],
  DaemonSet: ["/apis/apps/v1", "daemonsets"],
  ReplicaSet: ["/apis/apps/v1", "replicasets"],
  Job: ["/apis/batch/v1", "jobs"],
  Rollout: ["/apis/argoproj.io/v1alpha1", "rollouts"],
  PodDisruptionBudget: ["/apis/policy/v1", "poddisruptionbudgets"],
  MutatingWebhookConfiguration: ["/apis/admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations"],
};

/** Where objects of a kind are created and listed. */
export function collectionPath(kind: string, namespace?: string): string {
  const [prefix, plural] = resources[kind] ?? [];
  if (prefix === undefined)
    throw new Error(`paths.ts does not know kind ${kind}\nhint: add its resource there`);
  return namespace === undefined ? `${prefix}/${plural}` : `${prefix}/namespaces/${namespace}/${plural}`;
}

export function objectPath(kind: string, namespace: string | undefined, name: string): string {
  return `${collectionPath(kind, namespace)}/${name}`;
}
