// A rotation as it is told, for whatever shows it.
import type { Happening, WorkloadState } from "../../../plugin/rotate/progress.ts";
import type { Stage } from "../../../trust/rotation/stage.ts";
import { anchor } from "../../certificates/index.ts";
import { opened } from "../../trust/opened.ts";

const start = new Date("2026-06-01T12:00:00Z");
export const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
export const [old, next] = [opened(anchor("old")), opened(anchor("next"))] as const;

export const ended: Happening = {
  kind: "ended",
  at: at(600),
  outcome: "not-in-time",
  message: "nothing has moved for 10 minutes",
  hint: "Mend it.",
  missing: ["shop/deploy/cart"],
};

export function told(seconds: number, cluster = "east") {
  return { at: at(seconds), cluster };
}

export function looked(seconds: number, stage: Stage, done: number): Happening {
  const numbers = { workloads: 9, proxies: 20, toRestart: 6 };
  return { kind: "looked", ...told(seconds), stage, progress: { done, of: 9 }, ...numbers };
}

export function workload(id: string, state: WorkloadState, trouble?: string, seconds = 20): Happening {
  const [ready, desired] = state === "rolling" ? [1, 3] : state === "failed" ? [0, 2] : [2, 2];
  return {
    kind: "workload",
    ...told(seconds),
    workload: id,
    namespace: id.split("/")[0] ?? "",
    state,
    ready,
    desired,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function component(name: string, state: WorkloadState): Happening {
  const id = `linkerd/deploy/linkerd-${name}`;
  return { ...workload(id, state), component: name, ready: 1, desired: 2 } as Happening;
}

export function happenings(): readonly Happening[] {
  const step = {
    kind: "write-bundle",
    anchors: [old, next],
    adds: [next],
    drops: [],
    why: "it lacks the incoming anchor",
  } as const;
  const sentence = "ConfigMap linkerd/linkerd-identity-trust-roots holds both";
  const [what, remedy] = ["shop/job/report cannot be restarted", "Let it end."];
  return [
    looked(0, "overlapping", 0),
    { kind: "stage", ...told(0), stage: "overlapping", evidence: ["the bundle holds both"] },
    { kind: "step-begun", ...told(1), id: 1, step },
    { kind: "step-done", ...told(2), id: 1, step, ms: 1000, sentence },
    component("identity", "fresh"),
    component("proxy-injector", "rolling"),
    { ...workload("emojivoto/deploy/web", "fresh", undefined, 10), ms: 8000 } as Happening,
    workload("emojivoto/deploy/vote", "fresh"),
    workload("shop/deploy/api", "fresh"),
    workload("shop/deploy/later", "stale"),
    workload("shop/sts/db", "rolling"),
    workload("shop/deploy/cart", "failed", "ImagePullBackOff"),
    workload("shop/job/report", "person", "ends by itself"),
    workload("web/deploy/a", "stale"),
    looked(20, "overlapping", 3),
    {
      kind: "waiting",
      ...told(21),
      waits: [
        { what: "shop/sts/db to be rolled out", workload: "shop/sts/db" },
        { what: "the leaves of the old issuer to end", until: new Date("2026-06-02T12:00:00Z") },
      ],
    },
    { kind: "blocked", ...told(21), blocks: [{ what, remedy, workload: "shop/job/report" }] },
    {
      kind: "unseen",
      ...told(22, "west"),
      message: "the API server at west cannot be reached",
      hint: "Check the network.",
    },
  ];
}
