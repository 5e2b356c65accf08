import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../../cluster/failure.ts";
import { watchLive } from "../../webhook/live/live.ts";
import { createMetrics } from "../../webhook/metrics.ts";
import { eventually } from "../cluster/eventually.ts";
import { scripted } from "../cluster-access/scripted.ts";
import { clock, testLog } from "./fixtures.ts";

const series = (text: string, name: string) =>
  text.split("\n").filter((line) => line.startsWith(`linkerd_certs_${name}`));

describe("the metrics", () => {
  it("have every series from the start, so that the first denial is an increase", async () => {
    const text = await createMetrics(["a", "b"]).text();
    assert.equal(series(text, "admission_requests_total").length, 3 * 3 * 4 * 2);
    assert.deepEqual(series(text, "admission_denials_total"), [
      'linkerd_certs_admission_denials_total{rule="a"} 0',
      'linkerd_certs_admission_denials_total{rule="b"} 0',
    ]);
    assert.equal(series(text, "admission_duration_seconds_count").length, 3);
  });

  it("drop the anchors and findings that are gone", async () => {
    const metrics = createMetrics(["a", "b"]);
    const notAfter = new Date(2_000_000_000_000);
    metrics.anchorExpiry([{ fingerprint: "one", notAfter }]);
    metrics.findings({ a: 2 });
    metrics.anchorExpiry([{ fingerprint: "two", notAfter }]);
    metrics.findings({ b: 1 });
    const text = await metrics.text();
    assert.deepEqual(series(text, "trust_root_not_after"), [
      'linkerd_certs_trust_root_not_after_timestamp_seconds{fingerprint="two"} 2000000000',
    ]);
    assert.deepEqual(series(text, "audit_findings"), [
      'linkerd_certs_audit_findings{rule="a"} 0',
      'linkerd_certs_audit_findings{rule="b"} 1',
    ]);
  });

  it("move with the watches: when each was last heard of, and how often it broke", async (t) => {
    const metrics = createMetrics([]);
    assert.deepEqual(series(await metrics.text(), "watch_last_event_timestamp_seconds"), [
      'linkerd_certs_watch_last_event_timestamp_seconds{object="trust-roots"} Nan',
      'linkerd_certs_watch_last_event_timestamp_seconds{object="issuer"} Nan',
      'linkerd_certs_watch_last_event_timestamp_seconds{object="mesh"} Nan',
    ]);
    const broken = Array.from({ length: 5 }, () => [new Failure("broken", "Wait.")]); // one of each object
    const cluster = scripted({ lists: [{ items: [], version: "5" }], watches: broken });
    const live = watchLive({ cluster, namespace: "linkerd", clock, log: testLog().log, metrics });
    t.after(live.stop);
    await eventually("each is watched again", () => cluster.watched.length === 10);
    const text = await metrics.text();
    assert.deepEqual(series(text, "watch_restarts_total"), [
      'linkerd_certs_watch_restarts_total{object="trust-roots"} 1',
      'linkerd_certs_watch_restarts_total{object="issuer"} 1',
      'linkerd_certs_watch_restarts_total{object="mesh"} 1',
    ]);
    for (const line of series(text, "watch_last_event_timestamp_seconds")) assert.match(line, / \d{10}\.?/);
  });

  it("stay few however large the bundle is", async () => {
    const metrics = createMetrics([]);
    const notAfter = new Date(0);
    metrics.anchorExpiry(Array.from({ length: 500 }, (_, n) => ({ fingerprint: String(n), notAfter })));
    assert.equal(series(await metrics.text(), "trust_root_not_after").length, 16);
  });
});
