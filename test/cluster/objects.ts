// The shapes of the Kubernetes objects that the fixture makes, as JSON has them. Mutable, so that a test may
// take a valid one and spoil it in one place.

export interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind: string; name: string; controller?: boolean }[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    configMapKeyRef?: { name: string; key: string };
    fieldRef?: { fieldPath: string };
  };
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  command?: string[];
  env?: EnvVar[];
  ports?: { containerPort: number; name: string }[];
  restartPolicy?: "Always";
  volumeMounts?: { mountPath: string; name: string; readOnly?: boolean }[];
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: ({ name: string } & Record<string, unknown>)[];
  nodeName?: string;
  schedulerName?: string;
  nodeSelector?: Record<string, string>;
  restartPolicy?: string;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
}

export interface PodTemplate {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec: PodSpec;
}

export interface Pod extends KubeObject {
  kind: "Pod";
  spec: PodSpec;
  status?: PodStatus;
}

export interface PodStatus {
  phase: string;
  startTime?: string;
  podIP?: string;
  hostIP?: string;
  podIPs?: { ip: string }[];
  conditions?: { type: string; status: string; lastTransitionTime: string }[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state: {
    running?: { startedAt: string };
    terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string };
  };
}

/** A Deployment, StatefulSet, DaemonSet, ReplicaSet or Job. */
export interface Workload extends KubeObject {
  spec: {
    template: PodTemplate;
    replicas?: number;
    selector?: { matchLabels: Record<string, string> };
  } & Record<string, unknown>;
}

export interface ConfigMap extends KubeObject {
  kind: "ConfigMap";
  data: Record<string, string>;
}

export interface Secret extends KubeObject {
  kind: "Secret";
  type?: string;
  /** Base64. */
  data: Record<string, string>;
}
