import { endsSoon } from "../../../trust/judgements.ts";
import { moment, named } from "../../../trust/naming.ts";
import type { Survey } from "../types.ts";
import type { Observation } from "./observation.ts";

export const webhookCertificatesSound: Observation = {
  id: "webhook-certificates-sound",
  group: "webhook certificates",
  severity: "deny",
  summary: "the API server accepts the certificate of every webhook",
  breaks:
    "The API server does not reach the webhook: by its failurePolicy writes are refused, or pass unseen.",
  remedy:
    "Delete the webhook's Secret and run linkerd upgrade or helm upgrade, or let cert-manager renew it.",

  look({ webhooks }) {
    if (webhooks.length === 0) return undefined;
    const found = webhooks.flatMap(({ name, problems, configuration }) =>
      problems.map((problem) => ({ message: `${name}: ${problem}`, detail: configuration })),
    );
    return found.length === 0 ? (unseen(webhooks) ?? []) : found;
  },
};

export const webhookCertificatesLast: Observation = {
  id: "webhook-certificates-last",
  group: "webhook certificates",
  severity: "warn",
  summary: "no webhook's certificate expires soon",
  breaks: "When it has ended, new pods get no proxy or are not admitted, by the webhook's failurePolicy.",
  remedy: "Renew it: helm upgrade and linkerd upgrade make new ones, cert-manager does so by itself.",

  look({ webhooks, facts, at }) {
    if (webhooks.length === 0) return undefined;
    const found = webhooks.flatMap(({ name, certificate }) =>
      certificate !== undefined && endsSoon(certificate, at, facts.thresholds)
        ? [`${name}: certificate ${named(certificate)} expires at ${moment(certificate.notAfter)}`]
        : [],
    );
    return found.length === 0 ? (unseen(webhooks) ?? []) : found;
  },
};

function unseen(webhooks: Survey["webhooks"]): string | undefined {
  const hidden = webhooks.filter(({ seen }) => !seen).map(({ secret }) => secret);
  return hidden.length === 0 ? undefined : `${hidden.join(" and ")} cannot be read`;
}
