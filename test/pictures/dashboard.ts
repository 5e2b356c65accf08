import { setTimeout as sleep } from "node:timers/promises";
import { asked, dashboardPanels } from "../chart/dashboard.ts";
import { happenings } from "../chart/happenings.ts";
import { type Scraped, startScraped } from "../chart/scraped.ts";
import { type Answered, dashboardPage } from "./dashboard-page.ts";

/** The dashboard's panels, with what a real Prometheus saw of a real guard in some eventful minutes. */
export async function dashboardOfAGuard(): Promise<string> {
  const here = await startScraped();
  try {
    const from = new Date();
    await live(here);
    const to = new Date();
    return dashboardPage(await answered(here, from, to), from, to);
  } finally {
    await here.end();
  }
}

async function live(here: Scraped): Promise<void> {
  const does = happenings(here);
  let renewals = 0;
  const quietly = async (seconds: number) => {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(600))
      await does.renewal(renewals++ % 2 === 0 ? "renewed" : "live");
  };
  await quietly(40);
  for (let round = 0; round < 5; round++) {
    await does.badWrite();
    await quietly(5);
  }
  await does.override();
  await sleep(15_000);
  await does.mend();
  await quietly(30);
  for (let round = 0; round < 2; round++) {
    await does.unanswered("Fail");
    await sleep(4000);
  }
  await does.unanswered("Ignore");
  await does.answeredAgain();
  await quietly(20);
  for (let round = 0; round < 3; round++) {
    await does.noReview();
    await does.failedHandshake();
    await quietly(4);
  }
  await quietly(30);
}

async function answered({ prometheus, namespace }: Scraped, from: Date, to: Date): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const panel of dashboardPanels()) {
    const ask = ({ expr }: { readonly expr: string }) => {
      const query = asked(expr, namespace, "10s");
      return panel.type === "stat" ? prometheus.instant(query, to) : prometheus.range(query, from, to);
    };
    answers.push({ panel, answers: await Promise.all((panel.targets ?? []).map(ask)) });
  }
  return answers;
}
