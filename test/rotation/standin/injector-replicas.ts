import type { Settings } from "./settings.ts";

/** The injector's pods, each with the bundle that its kubelet has mounted. */
export interface InjectorReplicas {
  start(pod: string, bundle: string | undefined, latest: string | undefined): void;
  /** The ConfigMap was written: each replica's file follows in its time. */
  changed(bundle: string): void;
  stop(pod: string): void;
  /** What the replica that answers the next request has mounted; undefined where none answers. */
  next(): { readonly pod: string; readonly bundle: string } | undefined;
  all(): readonly { readonly pod: string; readonly bundle: string }[];
}

export function injectorReplicas(settings: () => Settings): InjectorReplicas {
  const mounted = new Map<string, string>();
  let turn = 0;
  const follow = (pod: string, place: number, bundle: string) => {
    const bring = () => {
      if (mounted.has(pod)) mounted.set(pod, bundle);
    };
    setTimeout(bring, settings().injectorDelayMs * (1 + place / 2));
  };

  return {
    start(pod, bundle, latest) {
      if (bundle === undefined) return;
      mounted.set(pod, bundle);
      if (latest !== undefined && latest !== bundle) follow(pod, mounted.size - 1, latest);
    },
    changed(bundle) {
      for (const [place, pod] of [...mounted.keys()].entries()) follow(pod, place, bundle);
    },
    stop: (pod) => void mounted.delete(pod),
    next() {
      const replicas = [...mounted];
      const [pod, bundle] = replicas[turn++ % Math.max(1, replicas.length)] ?? [];
      return pod === undefined || bundle === undefined || settings().injectorDown
        ? undefined
        : { pod, bundle };
    },
    all: () => [...mounted].map(([pod, bundle]) => ({ pod, bundle })),
  };
}
