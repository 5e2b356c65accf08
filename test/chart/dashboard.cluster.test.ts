import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { asked, dashboardPanels, legend } from "./dashboard.ts";
import { happenings } from "./happenings.ts";
import { skipWithout } from "./programs.ts";
import { type Scraped, startScraped } from "./scraped.ts";

const scrape = 1000;

describe("the dashboard, asked of a real Prometheus that scrapes a real guard", {
  skip: skipWithout("prometheus"),
}, () => {
  let here: Scraped;
  let from: Date;
  let to: Date;

  before(async () => {
    here = await startScraped();
    from = new Date();
    // A series that begins with an event is no increase yet: each happens twice, with scrapes between.
    for (let round = 0; round < 2; round++) {
      await sleep(3 * scrape);
      await happen(here);
    }
    await sleep(6 * scrape); // the audit of tests is every 5 s
    to = new Date();
  });
  after(() => here?.end());

  for (const { title, type, targets = [] } of dashboardPanels()) {
    for (const { expr, legendFormat } of targets) {
      it(`${title}: ${legendFormat}`, async () => {
        const query = asked(expr, here.namespace, "10s");
        const { prometheus } = here;
        const series = await (type === "stat"
          ? prometheus.instant(query, to)
          : prometheus.range(query, from, to));
        assert.notEqual(series.length, 0, `no data: ${query}`);
        const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
        for (const { metric, values } of series) {
          assert.ok(
            values.some(([, value]) => Number.isFinite(Number(value))),
            `not a number: ${query}`,
          );
          for (const label of labels) assert.ok(metric[label], `${query}: no label ${label}`);
        }
        const names = series.map(({ metric }) => legend(legendFormat, metric));
        assert.equal(new Set(names).size, names.length, `two lines have one name: ${names}`);
      });
    }
  }

  it("finds the guard's namespace by itself", async () => {
    assert.deepEqual(await here.prometheus.labelValues("namespace", "linkerd_certs_build_info"), [
      here.namespace,
    ]);
  });

  it("shows what happened: refusals by rule, an override, what nobody answered", async () => {
    const highest = async (title: string) => {
      const { targets = [] } = dashboardPanels().find((panel) => panel.title === title) ?? {};
      const lines = new Map<string, number>();
      for (const { expr, legendFormat } of targets) {
        for (const { metric, values } of await here.prometheus.range(
          asked(expr, here.namespace, "10s"),
          from,
          to,
        ))
          lines.set(legend(legendFormat, metric), Math.max(...values.map(([, value]) => Number(value))));
      }
      return [...lines].filter(([, value]) => value > 0).map(([name]) => name);
    };
    assert.deepEqual(await highest("Refused, by rule"), ["anchor-in-use-kept", "issuer-chains-to-anchor"]);
    assert.deepEqual(await highest("Overridden, and what was no review"), [
      "overridden",
      "no review: content_type",
      "failed handshakes",
    ]);
    assert.deepEqual(await highest("Not answered, as the API server counts"), [
      "trust-roots.linkerd-certs.io: refused",
      "trust-roots.linkerd-certs.io: passed unread",
    ]);
    assert.ok((await highest("Rules that the live trust breaks")).includes("issuer-chains-to-anchor"));
  });
});

async function happen(here: Scraped): Promise<void> {
  const does = happenings(here);
  await does.renewal("renewed");
  await does.badWrite();
  await does.noReview();
  await does.failedHandshake();
  await does.override();
  await sleep(9 * scrape); // until an audit has seen it
  await does.mend();
  await does.unanswered("Fail");
  await does.unanswered("Ignore");
  await does.answeredAgain();
  await does.renewal("live");
}
