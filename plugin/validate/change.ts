import type { Finding } from "../../trust/judge.ts";
import type { Target } from "../../trust/judge-change.ts";
import { docsOf } from "../../trust/rules/index.ts";
import { called, type Manifest } from "../manifest/manifest.ts";
import type { ManifestFinding } from "./finding.ts";
import { asManifestFinding, refusalOf } from "./judge-manifests.ts";
import { betterOrder } from "./order.ts";
import type { Guarded } from "./place.ts";
import { type Circumstances, type Prediction, predict, predictRemoval, targetOf } from "./predict.ts";
import type { PredictedWrite, Report } from "./report.ts";
import type { State } from "./state.ts";

type Change = Pick<Report, "findings" | "predictions" | "betterOrder" | "notes">;

/** What applying the manifests to a state would bring, write by write. */
export function judgeManifestChange(
  manifests: readonly Manifest[],
  state: State,
  before: Guarded,
  circumstances: Circumstances,
): Change {
  const predictions = predict(manifests, state, circumstances);
  const better = betterOrder(manifests, predictions, state, circumstances);
  const gone = (["trust-roots", "issuer"] as const).filter((target) => {
    return before[target] !== undefined && !predictions.some((one) => one.target === target);
  });
  const removals = gone.map((target) => predictRemoval(target, state, circumstances));
  const all = [...predictions, ...removals];
  return {
    findings: [
      ...predictions.flatMap((one) => findingsOf(one)),
      ...gone.flatMap((target) => removed(before[target], state.describe)),
    ],
    predictions: all.map((one) => told(one, one.manifest ?? before[one.target])),
    ...(better === undefined ? {} : { betterOrder: better.map((one) => `${called(one)} (${where(one)})`) }),
    notes: notesOf(all, manifests, state, circumstances),
  };
}

function findingsOf({ manifest, target, verdict, refused }: Prediction): ManifestFinding[] {
  if (manifest === undefined) return [];
  if (refused !== undefined) return [refusalOf(manifest, refused)];
  const guarded: Guarded = { [target]: manifest };
  const asWarning = (findings: readonly Finding[] = []) =>
    findings.map((one): Finding => ({ ...one, severity: "warn" }));
  const letPass = asWarning(verdict?.overridden).map((one) => ({
    ...one,
    message: `let pass by its annotation: ${one.message}`,
  }));
  return [...(verdict?.denied ?? []), ...letPass, ...asWarning(verdict?.warnings)].flatMap((one) =>
    asManifestFinding(one, guarded),
  );
}

// Whether proxies depend on it no manifest says. Helm flips are how it happens.
function removed(manifest: Manifest | undefined, before: string): ManifestFinding[] {
  if (manifest === undefined) return [];
  return [
    {
      rule: "trust-not-deleted",
      severity: "error",
      message: `${called(manifest)} stands in ${before} and no longer in the manifests: Helm, and a pruning Argo CD or Flux, delete it`,
      remedy:
        "Keep it over a change of owner: annotate it with helm.sh/resource-policy: keep, or Prune=false.",
      docs: docsOf("trust-not-deleted"),
      object: called(manifest),
      place: manifest.place,
    },
  ];
}

function told(one: Prediction, manifest: Manifest | undefined): PredictedWrite {
  const ids = (findings: readonly Finding[] = []) => [...new Set(findings.map(({ rule }) => rule.id))];
  return {
    object: manifest === undefined ? one.target : called(manifest),
    file: manifest?.place.file ?? "",
    line: manifest?.place.line ?? 1,
    operation: one.operation,
    allowed: one.allowed,
    ...(one.allowed ? {} : { by: one.refused === undefined ? ("guard" as const) : ("API server" as const) }),
    rules: ids(one.verdict?.denied),
    letPass: ids(one.verdict?.overridden),
    warned: ids(one.verdict?.warnings),
  };
}

function notesOf(
  predictions: readonly Prediction[],
  manifests: readonly Manifest[],
  { meshUnseen, describe }: State,
  { namespace }: Circumstances,
): string[] {
  const notes: string[] = [];
  if (predictions.length === 0)
    notes.push("none of the manifests is an object that the guard is asked about");
  const unasked = new Set(
    predictions.flatMap(({ verdict }) => verdict?.notAsked ?? []).map(({ rule }) => rule.id),
  );
  if (meshUnseen !== undefined && unasked.size > 0)
    notes.push(`not asked, for ${meshUnseen}: ${[...unasked].sort().join(", ")}`);
  if (predictions.some(({ verdict }) => verdict?.denied.some(({ rule }) => rule.id === "anchor-in-use-kept")))
    notes.push(
      "the guard remembers the issuers of the last day, and may let a dropped anchor pass that is refused here",
    );
  const homeless = (target: Target) =>
    manifests.some((one) => one.namespace === undefined && targetOf(one, namespace) === target);
  if (homeless("trust-roots") || homeless("issuer"))
    notes.push(`objects without a namespace are taken for those of namespace ${namespace} in ${describe}`);
  return notes;
}

const where = ({ place }: Manifest) => `${place.file}:${place.line}`;
