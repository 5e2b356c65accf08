// The mesh as its pods show it (linkerd2 charts/partials/templates/_proxy.tpl, pkg/inject).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { viewMesh } from "../../trust/gather/mesh.ts";
import { type Pod, proxyOf } from "../../trust/gather/proxy.ts";
import { after, anchor, bundle, day, hour, second } from "../certificates/index.ts";
import { root } from "./facts.ts";
import { controlPlanePod, identityArgs, identityPod, meshStarted, pod } from "./pods.ts";

const next = anchor("next root");
const read = (one: Pod) => proxyOf(one, "linkerd");
const view = (...pods: Pod[]) => viewMesh(pods.flatMap((one) => read(one) ?? []));
const bundleOf = (one: Pod) => read(one)?.bundle;
const text = bundle(root);

describe("a pod counts", () => {
  for (const [title, one] of Object.entries({
    "with the proxy as a native sidecar, as since 2.20": pod({ bundle: text }),
    "with the proxy beside the others": pod({ bundle: text, nativeSidecar: false }),
    "that is still Pending, for it has its bundle": pod({ bundle: text, phase: "Pending" }),
    "that has no status yet": { ...pod({ bundle: text }), status: undefined },
  })) {
    test(title, () => assert.equal(bundleOf(one), text));
  }

  test("that reads the ConfigMap when it starts, and holds no bundle of its own", () => {
    const proxy = read(controlPlanePod("destination"));
    assert.deepEqual([proxy?.component, proxy?.bundle], ["destination", undefined]);
  });
});

describe("a pod does not count", () => {
  const unmeshed = pod({ bundle: text });
  for (const [title, one] of Object.entries({
    "that has finished": pod({ bundle: text, phase: "Succeeded" }),
    "that has failed": pod({ bundle: text, phase: "Failed" }),
    "whose node is lost": pod({ bundle: text, phase: "Unknown" }),
    "that is on its way out": pod({ bundle: text, terminating: true }),
    "that no node has taken yet": pod({ bundle: text, phase: "Pending", scheduled: false }),
    "that has no status and no node": { ...pod({ bundle: text, scheduled: false }), status: undefined },
    "of another control plane": pod({ bundle: text, controlPlane: "linkerd-two" }),
    "without a proxy": { ...unmeshed, spec: { containers: [{ name: "web" }] } },
    "without labels": { ...unmeshed, metadata: { name: "x" } },
    "of which nothing is known": {},
  })) {
    test(title, () => assert.equal(read(one), undefined));
  }
});

describe("a tenant's pod steers nothing", () => {
  const disguised = identityPod({
    namespace: "tenant",
    startedAt: after(-30 * day),
    identityArgs: identityArgs({ "identity-trust-domain": "tenant", "identity-scheme": "linkerd.io/tls" }),
  });

  test("whatever its labels say, it is no component, and its arguments are nobody's", () => {
    const proxy = read(disguised);
    assert.deepEqual([proxy?.component, proxy?.identity], [undefined, undefined]);
    const { identity, controlPlane, proxies } = view(disguised);
    assert.deepEqual([identity, controlPlane, proxies], [undefined, [], 1]);
    assert.equal(view(disguised, identityPod()).identity?.trustDomain, "cluster.local");
  });

  test("in the control plane's own namespace the same pod counts", () => {
    assert.equal(view({ ...disguised, metadata: identityPod().metadata }).identity?.trustDomain, "tenant");
  });

  test("a bundle that no process could be started with counts as none, and costs no reading", () => {
    const most = 128 * 1024;
    const long = `${text}${"#".repeat(most - text.length)}`;
    assert.equal(bundleOf(pod({ bundle: long })), long);
    assert.equal(bundleOf(pod({ bundle: `${long}#` })), "");
    assert.deepEqual(
      view(pod({ bundle: `${long}#` })).held.map(({ id }) => id),
      ["none"],
    );
  });
});

describe("whose pod it is", () => {
  const workload = (...owner: [string, string]) => read(pod({ owner }))?.workload;
  const bare = pod({ owner: undefined, name: "lonely" });

  test("in kubectl's short words", () => {
    assert.equal(workload("deployment", "web"), "deploy/web");
    assert.equal(workload("statefulset", "db"), "sts/db");
    assert.equal(workload("daemonset", "log"), "ds/log");
    assert.equal(workload("job", "report"), "job/report");
    assert.equal(workload("cronjob", "nightly"), "cronjob/nightly");
  });

  test("a bare pod is its own, one of an unknown owner is that one's", () => {
    assert.equal(read(bare)?.workload, "pod/lonely");
    const ownerReferences = [{ kind: "Rollout", name: "canary" }];
    assert.equal(
      read({ ...bare, metadata: { ...bare.metadata, ownerReferences } })?.workload,
      "rollout/canary",
    );
  });

  test("an Argo Rollout's is not its ReplicaSet's, whose name changes with each update", () => {
    const metadata = {
      ...bare.metadata,
      labels: { ...bare.metadata?.labels, "rollouts-pod-template-hash": "5d4f" },
      ownerReferences: [{ kind: "ReplicaSet", name: "web-5d4f" }],
    };
    assert.equal(read({ ...bare, metadata })?.workload, "rollout/web");
  });

  test("an owner's name, for which Kubernetes takes any text, moves nothing on a terminal", () => {
    const ownerReferences = [{ kind: "Rollout", name: "\u001b[2Jfine\n\u202e" }];
    const { workload = "" } = read({ ...bare, metadata: { ...bare.metadata, ownerReferences } }) ?? {};
    assert.equal(workload, "rollout/\\u{1b}[2Jfine\\u{a}\\u{202e}");
  });
});

describe("when it started", () => {
  const one = pod({ bundle: text });
  const started = (status: Pod["status"]) => read({ ...one, status })?.startedAt;

  test("its container tells, else the pod, else its birth", () => {
    const state = { running: { startedAt: after(-second) } };
    const containerStatuses = [{ name: "web" }, { name: "linkerd-proxy", state }];
    const startTime = after(-hour).toISOString();
    assert.deepEqual(started({ phase: "Running", startTime, containerStatuses }), after(-second));
    assert.deepEqual(started({ phase: "Running", startTime }), after(-hour));
    assert.deepEqual(started({ phase: "Running" }), meshStarted);
  });

  test("when its pod was made is another matter: a container may start again", () => {
    const again = read(pod({ bundle: text, createdAt: after(-day), startedAt: after(-hour) }));
    assert.deepEqual([again?.createdAt, again?.startedAt], [after(-day), after(-hour)]);
  });

  test("a pod of which no birth is known is as old as its container", () => {
    const { creationTimestamp: _, ...metadata } = one.metadata ?? {};
    assert.deepEqual(read({ ...one, metadata })?.createdAt, meshStarted);
  });

  test("a proxy that waits to be started again has the pod's start", () => {
    const initContainerStatuses = [{ name: "linkerd-proxy", state: {} }];
    assert.deepEqual(
      started({ phase: "Running", startTime: after(-hour), initContainerStatuses }),
      after(-hour),
    );
  });
});

describe("the view of the mesh", () => {
  test("proxies are grouped by the set of anchors they hold, whatever the text", () => {
    const db = pod({
      bundle: `${bundle(next)}# sorted by hash\n${bundle(root, next)}`,
      owner: ["statefulset", "db"],
    });
    const web = pod({ bundle: [root, next] });
    const { held, proxies } = view(db, web, web, pod({ bundle: [root] }));
    assert.deepEqual(held.map((one) => [one.id.split("+").length, one.proxies, one.workloads]).sort(), [
      [1, 1, ["emojivoto/deploy/web"]],
      [2, 3, ["emojivoto/deploy/web", "emojivoto/sts/db"]],
    ]);
    assert.equal(proxies, 4);
  });

  test("a large bundle has a short name, the same in any order", () => {
    const many = Array.from({ length: 12 }, (_, i) => anchor(`root ${i}`));
    const [one] = view(pod({ bundle: many })).held;
    const [other] = view(pod({ bundle: many.toReversed() })).held;
    assert.match(one?.id ?? "", /^[0-9a-f]{8} \(12 anchors\)$/);
    assert.equal(one?.id, other?.id);
    assert.match(
      view(pod({ bundle: many.slice(0, 3) })).held[0]?.id ?? "",
      /^[0-9a-f]{8}(\+[0-9a-f]{8}){2}$/,
    );
  });

  test("a pod without the variable holds nothing that we know, and still is a proxy", () => {
    const plain = pod({ bundle: text });
    const bare = { ...plain, spec: { containers: [{ name: "linkerd-proxy" }] } };
    const { held, proxies } = view(bare);
    assert.deepEqual([held, proxies], [[], 1]);
  });

  test("of a workload of the control plane the oldest pod counts", () => {
    const { controlPlane, held, proxies } = view(
      controlPlanePod("destination", { startedAt: after(-hour) }),
      controlPlanePod("destination", { startedAt: after(-2 * hour) }),
      controlPlanePod("destination", { startedAt: after(-hour) }),
      identityPod(),
    );
    assert.deepEqual(controlPlane, [
      { workload: "deploy/linkerd-destination", createdAt: after(-2 * hour) },
      { workload: "deploy/linkerd-identity", createdAt: meshStarted },
    ]);
    assert.deepEqual([held, proxies], [[], 0]);
  });

  test("of the control plane the pods' age counts, and of leaves the proxy's start", () => {
    const again = { createdAt: after(-2 * day), startedAt: after(-hour) };
    const { controlPlane, identity, oldest } = view(
      identityPod(again),
      pod({ bundle: text, startedAt: after(-day) }),
    );
    assert.deepEqual(controlPlane, [{ workload: "deploy/linkerd-identity", createdAt: after(-2 * day) }]);
    assert.deepEqual(identity?.createdAt, after(-2 * day));
    assert.deepEqual(oldest, { startedAt: after(-day), workload: "emojivoto/deploy/web" });
  });

  test("a pod of which no start is known is passed over, wherever starts are compared", () => {
    const unborn = controlPlanePod("destination");
    const { creationTimestamp: _, ...metadata } = unborn.metadata ?? {};
    const { controlPlane, oldest } = view(
      { ...unborn, metadata, status: { phase: "Pending" } },
      identityPod(),
    );
    assert.deepEqual(controlPlane, [{ workload: "deploy/linkerd-identity", createdAt: meshStarted }]);
    assert.equal(oldest?.workload, "deploy/linkerd-identity");
  });

  test("the longest-running proxy is known, the control plane's too", () => {
    const { oldest } = view(
      pod({ bundle: text, startedAt: after(-day) }),
      identityPod({ startedAt: after(-2 * day) }),
    );
    assert.deepEqual(oldest, { startedAt: after(-2 * day), workload: "deploy/linkerd-identity" });
  });
});

describe("what identity was started with", () => {
  const identity = (identityArgs: readonly string[]) => view(identityPod({ identityArgs })).identity;

  test("trust domain, scheme and a leaf's life, skew included", () => {
    assert.deepEqual(identity(identityArgs()), {
      createdAt: meshStarted,
      trustDomain: "cluster.local",
      scheme: "kubernetes.io/tls",
      lifetimeMs: day + 20 * second,
    });
  });

  test("two dashes, and durations as Go writes them", () => {
    const args = [
      "identity",
      "--identity-issuance-lifetime=1h30m0.5s",
      "--identity-clock-skew-allowance=100ms",
    ];
    assert.equal(identity(args)?.lifetimeMs, 90 * 60 * second + 600);
  });

  test("what it is not told it takes by default", () => {
    assert.deepEqual(identity(["identity"]), { createdAt: meshStarted, lifetimeMs: day + 20 * second });
    assert.equal(identity(["-identity-issuance-lifetime=soon"])?.lifetimeMs, day + 20 * second);
  });

  test("of several the one whose pod is oldest speaks", () => {
    const old = identityPod({
      createdAt: after(-20 * day),
      startedAt: after(-hour),
      identityArgs: identityArgs({ "identity-trust-domain": "old" }),
    });
    assert.equal(view(identityPod(), old, identityPod()).identity?.trustDomain, "old");
  });

  test("one that crashes again and again does not run", () => {
    const crashing = identityPod({ crashing: "identity" });
    assert.equal(view(crashing).identity, undefined);
    assert.equal(view(identityPod({ crashing: "linkerd-proxy" })).identity?.trustDomain, "cluster.local");
    const { containerStatuses: _, ...status } = crashing.status ?? {};
    assert.equal(view({ ...crashing, status }).identity?.trustDomain, "cluster.local");
  });

  test("none runs", () => {
    assert.equal(view(pod({ bundle: text })).identity, undefined);
  });
});
