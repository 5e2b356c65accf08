import type { Event, ObjectReference } from "../../cluster/events.ts";
import type { Line } from "../../cluster/rotation/journal/journal-line.ts";
import { workloadKinds, workloadNamed } from "../../cluster/rotation/kinds.ts";
import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { Step } from "../../trust/rotation/plan.ts";
import type { Stage } from "../../trust/rotation/stage.ts";
import type { Happening } from "./progress.ts";

export interface Recording {
  /** "jane@laptop". */
  readonly who: string;
  readonly rotation: string;
  /** Linkerd's. */
  readonly namespace: string;
}

/** What the journal keeps of what happened; undefined for what only a screen wants to know. */
export function lineOf(
  happening: Happening,
  stage: Stage | undefined,
  cluster: string,
  { who }: Recording,
): Line | undefined {
  const at = happening.at.toISOString();
  const line = { at, who, cluster, ...(stage === undefined ? {} : { stage }) };
  switch (happening.kind) {
    case "stage":
      return { ...line, entry: "stage", stage: happening.stage, evidence: happening.evidence };
    case "step-begun":
      // That trust is about to change is kept before it does.
      return changesTrust(happening.step)
        ? { ...line, ...stepOf(happening.step), entry: "step", outcome: "begun", says: happening.step.why }
        : undefined;
    case "step-done":
      return {
        ...line,
        ...stepOf(happening.step),
        entry: "step",
        outcome: "done",
        seconds: Math.round(happening.ms / 100) / 10,
        ...(happening.step.kind === "restart-workload" ? {} : { says: happening.sentence }),
      };
    case "step-failed":
      return happening.again
        ? undefined
        : { ...line, ...stepOf(happening.step), entry: "step", outcome: "failed", says: happening.message };
    case "workload":
      return happening.state === "failed"
        ? {
            ...line,
            entry: "note",
            workload: happening.workload,
            says: `does not come back: ${happening.trouble}`,
          }
        : undefined;
    case "blocked":
      return happening.blocks.length === 0
        ? undefined
        : { ...line, entry: "blocked", evidence: happening.blocks.slice(0, 20).map(({ what }) => what) };
    case "proven": {
      const { issuer, since, evidence } = happening;
      return { ...line, entry: "proven", issuer, since: since.toISOString(), evidence: [evidence] };
    }
    case "warning":
      return { ...line, entry: "note", says: happening.message };
    case "leaf": {
      const { pod, madeAt, issuer, seenAt } = happening;
      const says = `handshake: ${pod} serves a leaf of issuer ${issuer.slice(0, 8)}`;
      return {
        ...line,
        entry: "leaf",
        says,
        issuer,
        pod,
        made: madeAt.toISOString(),
        since: seenAt.toISOString(),
      };
    }
    case "ended":
      return { ...line, entry: "ended", outcome: happening.outcome, says: happening.message };
    default:
      return undefined;
  }
}

/** Whether a line must be in the journal before anything else happens. */
export function isUrgent({ entry, outcome }: Line): boolean {
  return entry === "proven" || entry === "ended" || (entry === "step" && outcome === "begun");
}

/** What those see who look at the object itself; undefined where there is nothing to see. */
export function eventOf(happening: Happening, recording: Recording): Event | undefined {
  const { who, rotation } = recording;
  if (happening.kind === "workload" && happening.state === "failed" && happening.component === undefined) {
    const regarding = workloadReference(happening.workload);
    const note = `did not come back after its restart for rotation ${rotation}: ${happening.trouble ?? "no reason seen"}`;
    return regarding && { regarding, type: "Warning", reason: "RestartFailed", action: "Rotate", note };
  }
  if (happening.kind !== "step-done") return undefined;
  const { step, sentence } = happening;
  const regarding = referenceOf(step, recording);
  const by = `rotation ${rotation}, by ${who}`;
  switch (step.kind) {
    case "write-bundle":
      return regarding && normal(regarding, "TrustBundleWritten", `${sentence}: ${step.why} (${by})`);
    case "write-issuer":
      return regarding && normal(regarding, "IssuerWritten", `${sentence}: ${step.why} (${by})`);
    case "prove-injector":
      return undefined;
    default:
      return regarding && normal(regarding, "RestartedForRotation", `${step.why} (${by})`);
  }
}

function normal(regarding: ObjectReference, reason: string, note: string): Event {
  return { regarding, type: "Normal", reason, note, action: "Rotate" };
}

function changesTrust({ kind }: Step): boolean {
  return kind === "write-bundle" || kind === "write-issuer";
}

function stepOf(step: Step): Pick<Line, "step" | "workload"> {
  const workload =
    step.kind === "restart-workload"
      ? step.workload
      : step.kind === "restart-component"
        ? step.component
        : undefined;
  return { step: step.kind, ...(workload === undefined ? {} : { workload }) };
}

function referenceOf(step: Step, { namespace }: Recording): ObjectReference | undefined {
  switch (step.kind) {
    case "write-bundle":
      return { apiVersion: "v1", kind: "ConfigMap", namespace, name: trustRootsName };
    case "write-issuer":
      return { apiVersion: "v1", kind: "Secret", namespace, name: issuerSecretName };
    case "restart-component":
      return { apiVersion: "apps/v1", kind: "Deployment", namespace, name: `linkerd-${step.component}` };
    case "restart-workload":
      return workloadReference(step.workload);
    default:
      return undefined;
  }
}

function workloadReference(id: string): ObjectReference | undefined {
  const named = workloadNamed(id);
  if (named === undefined) return undefined;
  const { kind, name, namespace } = named;
  return { apiVersion: workloadKinds[kind].api.replace("/apis/", ""), kind, namespace, name };
}
