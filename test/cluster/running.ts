import type { Container, Pod, PodStatus } from "./objects.ts";

/** The pod with the status of one whose containers all started at that moment: what kwok makes of it. */
export function running(pod: Pod, startedAt: Date, podIP = "10.244.0.1"): Pod & { status: PodStatus } {
  const at = `${startedAt.toISOString().slice(0, 19)}Z`; // Kubernetes knows whole seconds only
  const isTrue = (type: string) => ({ type, status: "True", lastTransitionTime: at });
  return {
    ...pod,
    status: {
      phase: "Running",
      startTime: at,
      hostIP: "127.0.0.1",
      podIP,
      podIPs: [{ ip: podIP }],
      conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map(isTrue),
      containerStatuses: pod.spec.containers.map((container) => runs(container, at)),
      initContainerStatuses: (pod.spec.initContainers ?? []).map((container) =>
        container.restartPolicy === "Always" ? runs(container, at) : hasRun(container, at),
      ),
    },
  };
}

function runs({ name, image }: Container, startedAt: string) {
  return {
    name,
    image,
    imageID: "",
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt } },
  };
}

function hasRun({ name, image }: Container, at: string) {
  const terminated = { exitCode: 0, reason: "Completed", startedAt: at, finishedAt: at };
  return { name, image, imageID: "", ready: true, restartCount: 0, state: { terminated } };
}
