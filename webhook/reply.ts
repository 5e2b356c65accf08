import type { ServerResponse } from "node:http";
import type { AdmissionResponse } from "./respond.ts";

/** The API server takes every HTTP status but 200 for a failed call, so a refusal is a 200 too. */
export function sendReview(response: ServerResponse, answered: AdmissionResponse): void {
  send(response, 200, { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answered });
}

/** For whoever sent no review. */
export function sendStatus(response: ServerResponse, code: number, message: string): void {
  send(response, code, {
    apiVersion: "v1",
    kind: "Status",
    status: "Failure",
    code,
    reason: reasonOf(code),
    message,
  });
}

function send(response: ServerResponse, code: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(code, { "content-type": "application/json", "content-length": bytes.length });
  response.end(bytes);
}

export const reasonOf = (code: number): string => reasons[code] ?? "BadRequest";

const reasons: Readonly<Record<number, string>> = {
  404: "NotFound",
  405: "MethodNotAllowed",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  500: "InternalError",
  503: "ServiceUnavailable",
};
