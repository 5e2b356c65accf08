import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assemble, type Sighting } from "../../../cluster/rotation/observe/assemble.ts";
import { sharedBundles } from "../../../cluster/rotation/observe/shared-bundles.ts";
import type { MeshedPod } from "../../../cluster/rotation/workloads/pods.ts";
import type { SeenWorkload } from "../../../cluster/rotation/workloads/workloads.ts";
import { lacking } from "../../../trust/rotation/anchors.ts";
import { waveLeft } from "../../../trust/rotation/wave.ts";
import { anchor } from "../../certificates/index.ts";
import { opened } from "../../trust/opened.ts";

const [old, next] = [anchor("old"), anchor("next")];
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

function pod(
  name: string,
  more: Partial<MeshedPod> & { readonly bundle?: string; readonly component?: string } = {},
): MeshedPod {
  const { bundle = old.pem, component, ...rest } = more;
  const own = component === undefined ? { bundle } : { component };
  return {
    ...{ workload: "shop/deploy/web", namespace: "shop", name, createdAt: at(0), graceMs: 30_000 },
    ...{ leaving: false, ready: true, proxy: { namespace: "shop", workload: "deploy/web", ...own } },
    ...rest,
  };
}

const seen = (id: string, more: Partial<SeenWorkload> = {}): [string, SeenWorkload] => [
  id,
  {
    ...{ id, kind: "Deployment", namespace: id.split("/")[0] ?? "", resourceVersion: "1", generation: 1 },
    ...{ says: { state: "done", desired: 1, ready: 1 } },
    ...more,
  },
];

function viewOf(pods: readonly MeshedPod[], more: Partial<Sighting> = {}) {
  return assemble({
    ...{ now: at(600), namespace: "linkerd", pods, patienceMs: 60_000, recovering: false },
    ...{
      ways: { bundle: { by: "us" }, issuer: { by: "us" } },
      workloads: new Map([seen("shop/deploy/web")]),
    },
    ...{
      expected: new Map(),
      troubles: new Map(),
      met: new Set(),
      unwell: new Map(),
      unowned: new Map(),
      excluded: new Set(),
    },
    ...{ leavesHiddenIn: [], leafOf: () => undefined, anchorsOf: sharedBundles() },
    ...more,
  });
}

describe("the view of a cluster", () => {
  test("puts alike proxies together, and those on their way out by themselves", () => {
    const [web] = viewOf([
      pod("a"),
      pod("b", { createdAt: at(5) }),
      pod("c", { bundle: `${old.pem}${next.pem}`, createdAt: at(7) }),
      pod("d", { leaving: true, endsBy: at(610) }),
    ]).workloads;
    assert.deepEqual(
      web?.proxies.map(({ anchors, proxies, oldestAt, newestAt, terminating }) => [
        anchors.map(({ name }) => name).join(),
        proxies,
        oldestAt,
        newestAt,
        terminating,
      ]),
      [
        ["old", 2, at(0), at(5), undefined],
        ["old,next", 1, at(7), at(7), undefined],
        ["old", 1, at(0), at(0), true],
      ],
    );
  });

  test("names a pod that should have ended long ago: its node may be gone, and only a person knows", () => {
    const view = viewOf([pod("web-1", { leaving: true, endsBy: at(500), node: "node-7" })]);
    const wanted = [opened(next)];
    const { blocks } = waveLeft(view.workloads, {
      stale: ({ anchors }) => lacking(anchors, wanted).length > 0,
      why: "its proxies do not trust the incoming anchor",
    });
    assert.deepEqual(blocks, [
      {
        workload: "shop/deploy/web",
        what: "an old pod of shop/deploy/web should have ended long ago: web-1 on node-7",
        remedy:
          "See whether its node is gone: then delete the node, or the pod with kubectl delete pod --force -n shop.",
      },
    ]);
  });

  test("waits for the pods of a workload that was deleted a moment ago, or is not seen yet; later a person is needed", () => {
    const unowned = new Map<string, Date>();
    const told = (seconds: number, workloads: ReadonlyMap<string, SeenWorkload> = new Map()) => {
      const view = viewOf([pod("web-1")], { now: at(seconds), workloads, unowned });
      const { waits, blocks } = waveLeft(view.workloads, {
        stale: ({ anchors }) => lacking(anchors, [opened(next)]).length > 0,
        why: "its proxies do not trust the incoming anchor",
      });
      return [...waits, ...blocks].map(({ what }) => what);
    };
    assert.deepEqual(told(600), ["the last old pod of shop/deploy/web to end"]);
    assert.deepEqual(told(659), ["the last old pod of shop/deploy/web to end"]);
    assert.match(`${told(661)}`, /shop\/deploy\/web cannot be restarted \(no-controller\)/);
    assert.deepEqual(told(662, new Map([seen("shop/deploy/web")])), [], "it is there, and can be restarted");
    assert.deepEqual(told(700), ["the last old pod of shop/deploy/web to end"], "deleted again");
  });

  test("holds the control plane apart, also a component that has no pod, and dates it by its oldest pod", () => {
    const identity = {
      workload: "linkerd/deploy/linkerd-identity",
      namespace: "linkerd",
      component: "identity",
    };
    const { controlPlane, workloads } = viewOf(
      [
        pod("i-1", { ...identity, createdAt: at(3) }),
        pod("i-2", { ...identity, createdAt: at(2), leaving: true }),
      ],
      {
        workloads: new Map([
          seen("linkerd/deploy/linkerd-identity", { component: "identity" }),
          seen("linkerd/deploy/linkerd-destination", { component: "destination" }),
        ]),
      },
    );
    assert.deepEqual(workloads, []);
    assert.deepEqual(
      controlPlane.map(({ name, workload, oldestPodAt, terminating }) => [
        name,
        workload,
        oldestPodAt,
        terminating,
      ]),
      [
        ["destination", "deploy/linkerd-destination", undefined, undefined],
        ["identity", "deploy/linkerd-identity", at(2), true],
      ],
    );
  });

  test("says of each workload that nobody here restarts why not, and what to do", () => {
    const { workloads } = viewOf(
      [
        pod("a", { workload: "shop/pod/lonely" }),
        pod("b", { workload: "shop/job/report-1" }),
        pod("c", { workload: "shop/cloneset/web" }),
        pod("d", { workload: "shop/deploy/left-out" }),
      ],
      {
        workloads: new Map([seen("shop/deploy/left-out")]),
        excluded: new Set(["shop/deploy/left-out"]),
      },
    );
    assert.deepEqual(
      workloads.map(({ id, restartable }) => [id, restartable === true || restartable.kind]),
      [
        ["shop/cloneset/web", "no-controller"],
        ["shop/deploy/left-out", "excluded"],
        ["shop/job/report-1", "job"],
        ["shop/pod/lonely", "bare-pod"],
      ],
    );
  });

  test("remembers a workload whose pods are all gone for a moment", () => {
    const met = new Set<string>();
    viewOf([pod("a")], { met });
    const rolling = seen("shop/deploy/web", { says: { state: "rolling", desired: 1, ready: 0 } });
    const [web] = viewOf([], { met, workloads: new Map([rolling]) }).workloads;
    assert.deepEqual([web?.id, web?.rollout.state, web?.proxies], ["shop/deploy/web", "rolling", []]);
  });
});
