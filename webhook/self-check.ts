import { defaultPolicy } from "../trust/policy.ts";
import { rules } from "../trust/rules/index.ts";
import type { Sight } from "./answer.ts";
import { parseReview } from "./review/review.ts";
import { reviewer } from "./reviewer.ts";

/**
 * Asks the gate two questions whose answers are known, over the whole way from
 * bytes to words: a bundle that is none must be refused, and a label on a bad
 * bundle must pass. Undefined when it holds, else what did not.
 */
export async function selfCheck(now: Date): Promise<string | undefined> {
  const gate = { rules, policy: defaultPolicy, namespace, sight: nothingThere, clock: () => now };
  const ask = reviewer(gate, { denied: () => {}, breakGlass: () => {} });
  const allowed = async (request: object) => {
    const review = parseReview(Buffer.from(JSON.stringify(request)));
    return "malformed" in review ? undefined : (await ask(review)).allowed;
  };
  if ((await allowed(reviewOf(bundleOf({})))) !== false) return "the self-check's bad write was not refused";
  if ((await allowed(reviewOf(bundleOf({ a: "label" }), bundleOf({})))) !== true) {
    return "the self-check's harmless write did not pass";
  }
  return undefined;
}

const namespace = "linkerd";

const nothingThere: Sight = {
  sources: () => ({}),
  lost: () => [],
  meshUnseen: () => undefined,
  confirmPartner: async () => true,
};

function bundleOf(labels: Readonly<Record<string, string>>): object {
  return {
    metadata: { name: "linkerd-identity-trust-roots", namespace, labels },
    data: { "ca-bundle.crt": "no bundle" },
  };
}

function reviewOf(object: object, oldObject?: object): object {
  const request = {
    uid: "self-check",
    kind: { group: "", version: "v1", kind: "ConfigMap" },
    operation: oldObject === undefined ? "CREATE" : "UPDATE",
    namespace,
    name: "linkerd-identity-trust-roots",
    object,
    oldObject: oldObject ?? null,
  };
  return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request };
}
