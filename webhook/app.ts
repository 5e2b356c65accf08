import { performance } from "node:perf_hooks";
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from "express";
import { parseDuration } from "../trust/duration.ts";
import type { Log } from "./log/log.ts";
import type { Decision, Metrics } from "./metrics.ts";
import { reasonOf, sendReview, sendStatus } from "./reply.ts";
import type { AdmissionResponse, Status } from "./respond.ts";
import { bodyReader } from "./review/body.ts";
import { parseReview, type Refusal, type Review, targetOf } from "./review/review.ts";

export type AnswerReview = (review: Review) => AdmissionResponse | Promise<AdmissionResponse>;

export interface AppOptions {
  readonly bodyLimitBytes: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly answer: AnswerReview;
  /** Every answer then asks the client to use another connection next time. */
  readonly draining: () => boolean;
}

/** What is behind the HTTPS port: POST /validate, and a plain word for everything else. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  const readBody = bodyReader(options.bodyLimitBytes);

  app.post("/validate", async (request, response) => {
    const start = performance.now();
    options.metrics.inFlight(1);
    try {
      const body = await readBody(request);
      const review = Buffer.isBuffer(body) ? parseReview(body) : body;
      if ("malformed" in review) sendRefusal(response, review, options);
      else await sendAnswer(response, review, patienceOf(request), start, options);
    } finally {
      options.metrics.inFlight(-1);
    }
  });
  app.all("/validate", (_request, response) => {
    response.setHeader("allow", "POST");
    sendStatus(response, 405, "only POST is answered here");
  });
  app.use((_request, response) => sendStatus(response, 404, "only POST /validate is answered here"));
  app.use(onError(options.log));
  return app;
}

async function sendAnswer(
  response: Response,
  review: Review,
  patienceMs: number,
  start: number,
  { answer, draining, log, metrics }: AppOptions,
): Promise<void> {
  const { uid, kind, operation, dryRun, namespace, name } = review;
  const answered = await within(patienceMs, () => answer(review)).catch((error: unknown) => {
    log.error({ uid, kind, operation, namespace, name, error }, "could not judge");
    return { uid, allowed: false, status: couldNotJudge };
  });
  if (draining()) response.setHeader("connection", "close");
  sendReview(response, answered);

  const decision = decisionOf(answered);
  const seconds = (performance.now() - start) / 1000;
  metrics.decision({ object: targetOf(review) ?? "other", operation, decision, dryRun, seconds });
  const level = decision === "allow" ? "debug" : "info";
  const said = answered.status?.message.split("\n", 1)[0];
  log[level](
    { uid, kind, operation, namespace, name, dryRun, decision, seconds, said, user: review.username },
    "reviewed",
  );
}

function sendRefusal(response: Response, refusal: Refusal, { draining, log, metrics }: AppOptions): void {
  const { malformed, code, message, uid } = refusal;
  metrics.malformed(malformed);
  log.warn({ malformed, code, reason: message, uid }, "refused a malformed request");
  // What is left of an unread body would be taken for the next request.
  if (draining() || !response.req.complete) response.setHeader("connection", "close");
  if (uid === undefined) sendStatus(response, code, message);
  else {
    const text = `linkerd-certs cannot judge this request: ${message}`;
    sendReview(response, { uid, allowed: false, status: { code, reason: reasonOf(code), message: text } });
  }
}

const couldNotJudge: Status = {
  code: 500,
  reason: "InternalError",
  message: "linkerd-certs could not judge this write, and so refuses it; its log says why; try again",
};

/** The API server says how long it waits; an answer that comes later is none. */
function patienceOf(request: Request): number {
  const asked = /[?&]timeout=([0-9.hms]{1,12})(?:&|$)/.exec(request.url)?.[1];
  const patience = parseDuration(asked) ?? 0;
  return (patience > 0 && patience <= 30_000 ? patience : 10_000) * 0.9;
}

async function within<T>(ms: number, ask: () => T | Promise<T>): Promise<T> {
  const asked = ask();
  if (!(asked instanceof Promise)) return asked;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no verdict within ${Math.round(ms)} ms`)), ms);
  });
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

function decisionOf({ allowed, status, warnings = [] }: AdmissionResponse): Decision["decision"] {
  if (!allowed) return (status?.code ?? 0) >= 500 ? "error" : "deny";
  return warnings.length > 0 ? "warn" : "allow";
}

const onError =
  (log: Log): ErrorRequestHandler =>
  (error, _request, response, _next) => {
    log.error({ error }, "could not answer");
    if (response.headersSent) response.destroy();
    else sendStatus(response, 500, "linkerd-certs could not answer; its log says why");
  };
