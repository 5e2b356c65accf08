import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Cluster, connect } from "../../cluster/connect.ts";
import { type Event, eventRecorder } from "../../cluster/events.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";
import { account, inNamespace } from "./account.ts";

const path = "/apis/events.k8s.io/v1/namespaces/linkerd/events";
const event: Event = {
  regarding: {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespace: "linkerd",
    name: "linkerd-identity-trust-roots",
  },
  type: "Warning",
  reason: "TrustBundleRefused",
  note: "the bundle holds no certificate",
  action: "Review",
};

describe("an event recorder", { skip }, () => {
  let cp: ControlPlane;
  let cluster: Cluster;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    cluster = await connect({
      kubeconfig: await account(cp, "guard", "linkerd", { namespaced: inNamespace }),
    });
  });
  after(async () => {
    cluster.close();
    await cp.stop();
  });

  test("writes an event once, and what repeats as a series", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const clock = () => new Date("2026-01-01T00:00:00.123Z");
    const recorder = eventRecorder(cluster, { clock, reportingInstance: "guard-0" });
    recorder.record(event);
    t.mock.timers.reset();
    const [first] = await eventually("the event", async () => {
      const events = await list();
      return events.length > 0 && events;
    });
    assert.equal(first?.note, event.note);
    assert.equal(first?.regarding.name, event.regarding.name);
    assert.equal(first?.reportingInstance, "guard-0");
    assert.equal(first?.eventTime, "2026-01-01T00:00:00.123000Z");

    t.mock.timers.enable({ apis: ["setTimeout"] });
    for (let repeat = 0; repeat < 100; repeat++) recorder.record(event);
    t.mock.timers.tick(10_000);
    t.mock.timers.reset();
    await eventually("the series", async () => (await list())[0]?.series?.count === 101);
    assert.equal((await list()).length, 1);
    assert.equal(recorder.dropped, 0);
    recorder.stop();
  });

  test("writes an event anew when the last one is long ago", async () => {
    let now = new Date("2026-01-01T00:00:00Z");
    const other = { ...event, reason: "Again" };
    const recorder = eventRecorder(cluster, { clock: () => now, reportingInstance: "guard-0" });
    recorder.record(other);
    now = new Date("2026-01-01T00:10:00Z");
    recorder.record(other);
    await eventually("two events", async () => (await list("Again")).length === 2);
    recorder.stop();
  });

  test("shortens a note that is too long, by whole characters", async () => {
    const recorder = eventRecorder(cluster, { clock: () => new Date(0), reportingInstance: "guard-0" });
    recorder.record({ ...event, reason: "Long", note: "ä".repeat(2000) });
    const [long] = await eventually("the event", async () => {
      const events = await list("Long");
      return events.length > 0 && events;
    });
    assert.match(long?.note ?? "", /^ä{500,511}…$/);
    recorder.stop();
  });

  test("drops events, and says nothing to its caller, while the API server is down", async () => {
    const recorder = eventRecorder(cluster, { clock: () => new Date(0), reportingInstance: "guard-0" });
    await cp.apiserver.stop("SIGKILL");
    for (let count = 0; count < 100; count++) recorder.record({ ...event, note: `${count}` });
    await eventually("all are dropped", () => recorder.dropped === 100);
    await cp.apiserver.start();
    recorder.stop();
  });

  async function list(reason = event.reason): Promise<Written[]> {
    const { items } = await mustApi<{ items: Written[] }>(cp.api, "GET", path);
    return items.filter((one) => one.reason === reason);
  }
});

interface Written extends Event {
  readonly eventTime: string;
  readonly reportingInstance: string;
  readonly series?: { readonly count: number };
}
