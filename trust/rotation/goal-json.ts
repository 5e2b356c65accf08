import { isRecord } from "../fields.ts";
import { type Certificate, certificatePem, readBundle } from "../x509/index.ts";
import type { AnchorGoal, Goal } from "./goal.ts";
import { type Stage, stages } from "./stage.ts";

/** A goal as text: JSON with its anchors as PEM, so that whoever reads the record can see what was wanted. */
export function goalToJson(goal: Goal): string {
  return `${JSON.stringify(written(goal), undefined, 2)}\n`;
}

/** A goal from such a text, or what is wrong with it as half a sentence. Nothing is guessed: what is not known is refused. */
export function goalFromJson(text: string): Goal | { readonly wrong: string } {
  const value = parsed(text);
  if (!isRecord(value)) return { wrong: "it is not a JSON object" };
  const fields = expected.get(value["kind"]);
  if (fields === undefined) return { wrong: `its kind is not one of ${[...expected.keys()].join(", ")}` };
  const strange = Object.keys(value).filter((name) => !fields.includes(name));
  if (strange.length > 0) return { wrong: `it has fields that are not known: ${strange.sort().join(", ")}` };
  const { kind, replaces } = value;
  if (kind === "issuer") {
    if (replaces === undefined) return { kind };
    return typeof replaces === "string" && /^[0-9a-f]{64}$/.test(replaces)
      ? { kind, replaces }
      : { wrong: "replaces is not a fingerprint" };
  }
  const incoming = anchorsIn(value["incoming"]);
  if (incoming === undefined || incoming.length === 0) return { wrong: "incoming is not a PEM of anchors" };
  return kind === "recovery" ? { kind, incoming } : anchorGoal(value, incoming);
}

const common = ["kind", "incoming"];
const expected: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["anchor", [...common, "outgoing", "leaves", "lazy", "until"]],
  ["issuer", ["kind", "replaces"]],
  ["recovery", common],
]);

function anchorGoal(
  { outgoing: pem, leaves, lazy, until }: Record<string, unknown>,
  incoming: readonly Certificate[],
): AnchorGoal | { readonly wrong: string } {
  const outgoing = anchorsIn(pem);
  if (outgoing === undefined) return { wrong: "outgoing is not a PEM of anchors" };
  if (leaves !== "restart" && leaves !== "wait") return { wrong: "leaves is neither restart nor wait" };
  if (typeof lazy !== "boolean") return { wrong: "lazy is neither true nor false" };
  if (until !== undefined && !isStage(until)) return { wrong: "until is not a stage" };
  return { kind: "anchor", incoming, outgoing, leaves, lazy, ...(until === undefined ? {} : { until }) };
}

function written(goal: Goal): Record<string, unknown> {
  if (goal.kind === "issuer") return { ...goal };
  if (goal.kind === "recovery") return { kind: goal.kind, incoming: pemOf(goal.incoming) };
  return { ...goal, incoming: pemOf(goal.incoming), outgoing: pemOf(goal.outgoing) };
}

function pemOf(anchors: readonly Certificate[]): string {
  return anchors.map(certificatePem).join("");
}

function anchorsIn(pem: unknown): readonly Certificate[] | undefined {
  if (typeof pem !== "string") return undefined;
  if (pem === "") return [];
  const { anchors, refused, dropped } = readBundle(pem);
  return refused === undefined && dropped.length === 0 ? anchors : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isStage = (value: unknown): value is Stage => stages.some((stage) => stage === value);
