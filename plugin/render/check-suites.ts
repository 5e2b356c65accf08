import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { Check, CheckRun, GroupName } from "../survey/assessment.ts";
import type { Case, Suite } from "./suites.ts";

/** What junit, sarif and github are told of a check. */
export function checkSuites({ clusters, comparison }: CheckRun): Suite[] {
  const several = clusters.length > 1;
  return [
    ...clusters.flatMap(({ name, assessment, failure }) => [
      ...(assessment?.groups ?? []).map((group) => ({
        name: several ? `${name}: ${group.name}` : group.name,
        cases: group.checks.map((check) => about(objectOf(group.name, assessment?.survey.namespace), check)),
      })),
      ...(failure === undefined ? [] : [{ name, cases: [unasked(failure)] }]),
    ]),
    ...(comparison === undefined ? [] : [{ name: "clusters", cases: comparison.checks }]),
  ];
}

function about(object: string | undefined, check: Check): Case {
  if (object === undefined) return check;
  return { ...check, findings: check.findings.map((finding) => ({ ...finding, object })) };
}

/** What somebody would write to mend it. */
function objectOf(group: GroupName, namespace = "linkerd"): string | undefined {
  if (group === "trust bundle" || group === "anchors") return `ConfigMap ${namespace}/${trustRootsName}`;
  return group === "issuer" ? `Secret ${namespace}/${issuerSecretName}` : undefined;
}

function unasked({ message, hint }: { readonly message: string; readonly hint: string }) {
  return {
    id: "cluster-answers",
    summary: "the cluster can be asked",
    result: "error",
    findings: [{ severity: "error", message }],
    remedy: hint,
    docs: "https://github.com/linkerd-certs/linkerd-certs/blob/main/docs/check.md",
  } as const;
}
