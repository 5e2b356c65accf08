import { Failure } from "../failure.ts";

/**
 * The failure in an API server's answer; undefined where the answer says
 * something about the object (2xx, 404, 409, 410, 422 …) and is the caller's.
 */
export function refusal(status: number, body: unknown, retryAfter?: string | undefined): Failure | undefined {
  const said = messageOf(body);
  if (status === 401) {
    return new Failure(
      "the API server does not know who we are (401)",
      "Log in again; in a pod, check that the ServiceAccount still exists and its token is mounted.",
      { status },
    );
  }
  if (status === 403)
    return new Failure(said ?? "the API server forbids it (403)", permission(said), { status });
  if (status === 429 || status >= 500) {
    return new Failure(
      `the API server cannot answer now (${status}${said === undefined ? "" : `: ${said}`})`,
      "Look at its health with: kubectl get --raw '/readyz?verbose'.",
      { status, retryAfterMs: retryAfterMs(retryAfter) },
    );
  }
  return undefined;
}

// An API server says whole seconds (RFC 9110, 10.2.3); what is unreasonably long is none of them.
function retryAfterMs(header: string | undefined): number | undefined {
  return /^\d{1,3}$/.test(header ?? "") ? Number(header) * 1000 : undefined;
}

/** As refusal, for callers to whom every answer but success is a failure. */
export function failureOf(status: number, body: unknown, retryAfter?: string | undefined): Failure {
  const usual = refusal(status, body, retryAfter);
  if (usual !== undefined) return usual;
  const hint = "Check the request with: kubectl get --raw <path>.";
  return new Failure(messageOf(body) ?? `the API server answered ${status}`, hint, { status });
}

// k8s.io/apiserver .../responsewriters/errors.go: the sentence has had this form since RBAC exists.
const sentence =
  /User "([^"]+)" cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/;

function permission(said: string | undefined): string {
  const [, user, verb, resource, group, namespace] = sentence.exec(said ?? "") ?? [];
  if (user === undefined) return "Ask a cluster administrator for the permission.";
  if (user === "system:anonymous")
    return "Log in: this user of the kubeconfig brings no credentials that the API server takes.";
  const what = group ? `${resource}.${group}` : resource;
  const where = namespace === undefined ? "in the whole cluster" : `in namespace ${namespace}`;
  return `Give ${user} the verb "${verb}" on ${what} ${where}.`;
}

function messageOf(status: unknown): string | undefined {
  if (typeof status !== "object" || status === null || !("message" in status)) return undefined;
  return typeof status.message === "string" && status.message !== "" ? status.message : undefined;
}
