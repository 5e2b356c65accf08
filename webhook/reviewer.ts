import { answer, type Gate } from "./answer.ts";
import type { AnswerReview } from "./app.ts";
import type { Metrics } from "./metrics.ts";
import { respond } from "./respond.ts";
import { targetOf } from "./review/review.ts";

/** Answers reviews: the gate between the words of HTTP and those of the core. */
export function reviewer(gate: Gate, metrics: Pick<Metrics, "denied" | "breakGlass">): AnswerReview {
  return async (review) => {
    const target = review.namespace === gate.namespace ? targetOf(review) : undefined;
    if (target === undefined) return { uid: review.uid, allowed: true, warnings: [notOurs] };
    const { operation, username, object, oldObject } = review;
    const answered = await answer({ target, operation, username, object, oldObject }, gate);
    if ("verdict" in answered && !review.dryRun) count(answered.verdict, metrics);
    return respond(review.uid, answered);
  };
}

const notOurs =
  "linkerd-certs was asked about an object that it does not judge; correct the rules of its webhook configuration";

interface Counted {
  readonly denied: readonly { readonly rule: { readonly id: string } }[];
  readonly overridden: readonly unknown[];
}

function count({ denied, overridden }: Counted, metrics: Pick<Metrics, "denied" | "breakGlass">): void {
  for (const id of new Set(denied.map(({ rule }) => rule.id))) metrics.denied(id);
  if (overridden.length > 0 && denied.length === 0) metrics.breakGlass();
}
