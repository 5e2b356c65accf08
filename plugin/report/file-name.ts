import type { CheckRun } from "../survey/assessment.ts";
import { clusterTitle } from "./page.ts";

/** "linkerd-trust-kind-dev-2026-06-01.html": of which cluster, and when. */
export function fileName({ clusters }: CheckRun, now: Date): string {
  const names = clusters.length > 3 ? [`${clusters.length}-clusters`] : clusters.map(clusterTitle);
  const safe = names.map((one) => one.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[-.]+|[-.]+$/g, ""));
  return `linkerd-trust-${safe.filter(Boolean).join("-").slice(0, 120)}-${now.toISOString().slice(0, 10)}.html`;
}
