import { Failure } from "../../../cluster/failure.ts";
import type { Line } from "../../../cluster/rotation/journal/journal-line.ts";
import type { Recorded } from "../../../cluster/rotation/journal/journal-object.ts";
import { named } from "../../../trust/naming.ts";
import type { Goal } from "../../../trust/rotation/goal.ts";
import { goalFromJson } from "../../../trust/rotation/goal-json.ts";
import type { Arguments } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { table } from "../../render/table.ts";
import type { World } from "../../world.ts";
import { certificateJson } from "../screen/json-event.ts";
import type { Seat } from "../seat.ts";
import { withSeats } from "../with-seats.ts";

/** `rotate history`: all rotations, or one. */
export function history(args: Arguments, world: World, output: "text" | "json"): Promise<ExitCode> {
  return withSeats(args, world, async (seats) => {
    const [prefix] = args.positionals;
    const found = seats.map((seat) => ({
      seat,
      recorded: seat.recorded.filter(({ id }) => prefix === undefined || id.startsWith(prefix)),
    }));
    if (prefix !== undefined && found.every(({ recorded }) => recorded.length === 0))
      throw new Failure(`no rotation begins with ${prefix}`, "List them with: rotate history.");
    const text =
      output === "json"
        ? `${JSON.stringify(historyJson(found, prefix !== undefined), undefined, 2)}\n`
        : prefix === undefined
          ? listed(found)
          : found.flatMap(({ recorded }) => recorded.map(wholeText)).join("\n");
    world.stdout.write(text);
    return exitCodes.ok;
  });
}

type Found = readonly { readonly seat: Seat; readonly recorded: readonly Recorded[] }[];

function listed(found: Found): string {
  const rows = found.flatMap(({ seat, recorded }) =>
    recorded.map((one) => [
      ...(found.length > 1 ? [seat.name] : []),
      one.id,
      one.state,
      one.opening?.begun.at ?? one.lines[0]?.at ?? "",
      one.opening?.begun.who ?? one.lines[0]?.who ?? "",
      goalText(one),
    ]),
  );
  if (rows.length === 0) return "no rotation is recorded\n";
  const head = ["ID", "STATE", "BEGUN", "BY", "GOAL"];
  return table(found.length > 1 ? ["CLUSTER", ...head] : head, rows);
}

function goalText({ opening }: Recorded): string {
  const goal = goalOf(opening?.goal);
  if (goal === undefined) return "cannot be read";
  const back = opening?.reverses === undefined ? "" : `, takes ${opening.reverses} back`;
  if (goal.kind === "issuer")
    return `issuer, instead of ${goal.replaces === undefined ? "none" : `(${goal.replaces.slice(0, 8)})`}${back}`;
  const incoming = goal.incoming.map(named).join(", ");
  return goal.kind === "recovery"
    ? `recovery with ${incoming}`
    : `anchor ${goal.outgoing.map(named).join(", ") || "none"} -> ${incoming}${back}`;
}

function goalOf(value: unknown): Goal | undefined {
  const goal = goalFromJson(JSON.stringify(value ?? null));
  return "wrong" in goal ? undefined : goal;
}

function wholeText(one: Recorded): string {
  const { opening, id, state, lines } = one;
  const begun =
    opening === undefined
      ? ""
      : `, begun at ${opening.begun.at} by ${opening.begun.who} in ${opening.begun.cluster}`;
  return `${id}  ${state}: ${goalText(one)}${begun}\n${lines.map(lineText).join("")}`;
}

function lineText({
  at,
  who,
  entry,
  stage,
  step,
  workload,
  outcome,
  seconds,
  says,
  evidence,
  issuer,
  since,
}: Line): string {
  const what = [
    entry === "step" ? step : entry,
    workload,
    entry === "stage" ? stage : undefined,
    outcome,
    seconds === undefined ? undefined : `${seconds} s`,
    issuer === undefined ? undefined : `issuer ${issuer.slice(0, 8)} in use since ${since}`,
  ];
  const more = [...(says === undefined ? [] : [says]), ...(evidence ?? [])].map((text) => `    ${text}\n`);
  return `${at}  ${who}  ${what.filter((word) => word !== undefined).join("  ")}\n${more.join("")}`;
}

function historyJson(found: Found, whole: boolean): object {
  return {
    apiVersion: "linkerd-certs.io/v1",
    kind: "RotationList",
    items: found.flatMap(({ seat, recorded }) =>
      recorded.map(({ id, state, opening, lines }) => ({
        cluster: seat.name,
        id,
        state,
        ...(opening === undefined
          ? {}
          : { begun: opening.begun, options: opening.options, goal: goalJson(opening.goal) }),
        ...(opening?.reverses === undefined ? {} : { reverses: opening.reverses }),
        ...(whole ? { lines } : {}),
      })),
    ),
  };
}

function goalJson(value: unknown): object | undefined {
  const goal = goalOf(value);
  if (goal === undefined || goal.kind === "issuer") return goal;
  const incoming = goal.incoming.map(certificateJson);
  return goal.kind === "recovery"
    ? { ...goal, incoming }
    : { ...goal, incoming, outgoing: goal.outgoing.map(certificateJson) };
}
