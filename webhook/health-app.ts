import express, { type Express } from "express";
import type { Metrics } from "./metrics.ts";

export interface HealthOptions {
  readonly metrics: Pick<Metrics, "text" | "contentType">;
  /** Why requests should go elsewhere; empty when ready. */
  readonly unready: () => readonly string[];
}

/**
 * What is behind the plain HTTP port. Liveness asks for nothing but that the
 * event loop turns: a guard that were restarted because the API server is away
 * would be away itself when that comes back.
 */
export function createHealthApp({ metrics, unready }: HealthOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);

  app.get("/healthz", (_request, response) => {
    response.type("text").send("ok\n");
  });
  app.get("/readyz", (_request, response) => {
    const reasons = unready();
    const text = reasons.length === 0 ? "ready" : reasons.map((reason) => `not ready: ${reason}`).join("\n");
    response
      .status(reasons.length === 0 ? 200 : 503)
      .type("text")
      .send(`${text}\n`);
  });
  app.get("/metrics", async (_request, response) => {
    response.setHeader("content-type", metrics.contentType);
    response.end(await metrics.text());
  });
  app.use((_request, response) => {
    response.status(404).type("text").send("there are /healthz, /readyz and /metrics\n");
  });
  return app;
}
