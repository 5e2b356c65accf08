import { Failure } from "../../cluster/failure.ts";
import { defaultPolicy, type Policy } from "../../trust/policy.ts";
import { type Reading, readManifests } from "../manifest/read.ts";
import type { World } from "../world.ts";
import { judgeManifestChange } from "./change.ts";
import { fileState } from "./file-state.ts";
import type { ManifestFinding } from "./finding.ts";
import { judgeManifests } from "./judge-manifests.ts";
import { keysIn } from "./keys.ts";
import { liveState } from "./live.ts";
import { ownerFindings } from "./owner-findings.ts";
import type { Guarded } from "./place.ts";
import { livePolicy } from "./policy.ts";
import type { Report } from "./report.ts";
import type { State } from "./state.ts";

export interface ValidateOptions {
  readonly files: readonly string[];
  readonly recursive: boolean;
  /** "live", or a file. */
  readonly against?: string;
  /** Rules whose findings are left out. */
  readonly ignore: ReadonlySet<string>;
  /** Linkerd's own. */
  readonly namespace: string;
  /** The guard's, where a file says it. */
  readonly policy?: Policy;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly timeoutMs: number;
}

/** Reads the manifests and judges them: the state they describe, or the change they bring. */
export async function validate(options: ValidateOptions, world: World): Promise<Report> {
  const { namespace, against, ignore } = options;
  const reading = await readManifests(options.files, world, options.recursive);
  const { manifests, unreadable, files } = reading;
  insistOnSomething(reading, options.files);
  const always = [...keysIn(reading, namespace), ...ownerFindings(manifests, namespace)];
  const base = { files, objects: manifests.length, unreadable };
  const passed =
    reading.passedOver === 0
      ? []
      : [`${reading.passedOver} documents of long files have nothing of Linkerd's in them`];
  if (against === undefined) {
    const circumstances = { now: world.clock(), namespace, policy: options.policy ?? defaultPolicy };
    const findings = sorted([...judgeManifests(manifests, circumstances), ...always], ignore);
    return { ...base, findings, predictions: [], notes: passed };
  }
  const before = await stateBefore(against, options, world);
  const circumstances = { now: world.clock(), namespace, policy: before.policy };
  const change = judgeManifestChange(manifests, before.state, before.guarded, circumstances);
  return {
    ...base,
    ...change,
    against: before.state.describe,
    findings: sorted([...change.findings, ...always], ignore),
    notes: [...passed, ...before.notes, ...change.notes],
  };
}

// Where helm fails in a pipe, what comes through is empty; and a green light would be for nothing.
function insistOnSomething(
  { manifests, unreadable, passedOver, looseKeys }: Reading,
  names: readonly string[],
) {
  if (manifests.length + unreadable.length + passedOver + looseKeys.length > 0) return;
  const where = names.map((name) => (name === "-" ? "standard input" : name)).join(", ");
  throw new Failure(
    `there is no object of Kubernetes in ${where}`,
    "Look at what was to write it: helm and kustomize write nothing where they fail.",
  );
}

interface Before {
  readonly state: State;
  readonly policy: Policy;
  readonly guarded: Guarded;
  readonly notes: readonly string[];
}

async function stateBefore(against: string, options: ValidateOptions, world: World): Promise<Before> {
  const { namespace, timeoutMs } = options;
  if (against !== "live") {
    const reading = await readManifests([against], world, true);
    const { state, guarded } = fileState(against, reading, namespace, world.clock());
    return { state, guarded, policy: options.policy ?? defaultPolicy, notes: [] };
  }
  const { kubeconfig, context } = options;
  const cluster = await world.connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    timeoutMs,
  });
  try {
    const signal = world.interrupted;
    const [state, found] = await Promise.all([
      liveState(cluster, { namespace, timeoutMs, now: world.clock(), signal }),
      options.policy ? { policy: options.policy } : livePolicy(cluster, { timeoutMs, signal }),
    ]);
    const notes = "note" in found && found.note !== undefined ? [found.note] : [];
    return { state, policy: found.policy, guarded: {}, notes };
  } finally {
    cluster.close();
  }
}

/** As a reader goes through the files; the same thing is told once. */
function sorted(findings: readonly ManifestFinding[], ignore: ReadonlySet<string>): ManifestFinding[] {
  const key = ({ rule, message, place }: ManifestFinding) =>
    `${place.file}\n${place.line}\n${rule}\n${message}`;
  const order = (a: ManifestFinding, b: ManifestFinding) =>
    compare(a.place.file, b.place.file) ||
    a.place.line - b.place.line ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message);
  const told = findings.filter(({ rule }) => !ignore.has(rule));
  return [...new Map(told.map((one) => [key(one), one])).values()].sort(order);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
