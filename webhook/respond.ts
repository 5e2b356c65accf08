import type { Finding } from "../trust/judge.ts";
import type { Answer, Blind } from "./answer.ts";
import { denial } from "./denial.ts";
import { warningsOf } from "./warnings.ts";

export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: Status;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: { readonly causes: readonly Cause[] };
}

interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** The gate's answer in the words of admission.k8s.io/v1: the same text on every retry. */
export function respond(uid: string, answer: Answer | Blind): AdmissionResponse {
  if ("lost" in answer) return { uid, allowed: false, status: blindStatus(answer) };
  const { verdict } = answer;
  const warnings = warningsOf(answer);
  return {
    uid,
    allowed: verdict.allowed,
    ...(verdict.allowed ? {} : { status: denial(verdict.denied) }),
    ...(warnings.length === 0 ? {} : { warnings }),
    auditAnnotations: auditOf(answer),
  };
}

function blindStatus({ lost }: Blind): Status {
  const message = `linkerd-certs has lost sight of ${lost.join(" and ")} and will not guess; try again in a moment`;
  return { code: 503, reason: "ServiceUnavailable", message };
}

function auditOf({ verdict, override, after }: Answer): Record<string, string> {
  const ids = (findings: readonly Finding[]) => [...new Set(findings.map(({ rule }) => rule.id))].join(",");
  const entries: [string, string | undefined][] = [
    ["verdict", verdict.allowed ? (verdict.overridden.length > 0 ? "let-pass" : "allowed") : "denied"],
    ["denied", ids(verdict.denied)],
    ["let-pass", ids(verdict.overridden)],
    ["let-pass-reason", verdict.overridden.length === 0 ? undefined : (override?.reason ?? "none given")],
    ["warned", ids(verdict.warnings)],
    [
      "anchors",
      after.bundle?.anchors
        .map((anchor) => anchor.fingerprint)
        .slice(0, 16)
        .join(","),
    ],
    ["issuer", after.issuer?.certificate.fingerprint],
  ];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => (entry[1] ?? "") !== ""));
}
