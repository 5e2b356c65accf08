import type { ParseArgsOptionsConfig } from "node:util";
import { workloadId, workloadKinds } from "../../cluster/rotation/kinds.ts";
import { type Stage, stages } from "../../trust/rotation/stage.ts";
import { type Arguments, UsageError } from "../command.ts";
import { oneOf } from "../one-of.ts";
import { type ColourChoice, colourChoices } from "../render/colour.ts";
import { durationMs } from "../survey/duration.ts";

/** What every command takes that moves a mesh. */
export const goingOptions = {
  "pause-after": { type: "string" },
  "max-parallel": { type: "string", default: "10" },
  "namespace-order": { type: "string" },
  exclude: { type: "string", multiple: true },
  timeout: { type: "string", default: "10m" },
  wait: { type: "boolean" },
  output: { type: "string", short: "o" },
} as const satisfies ParseArgsOptionsConfig;

export const goingHelp = `  --pause-after overlapping|overlapped|reissued|released|dropping  ends when this stage is reached
  --max-parallel N         as many workloads restart at once (10)
  --namespace-order A,B    these namespaces first, in this order
  --exclude NS/KIND/NAME   not restarted by us: shop/deploy/web; may be repeated
  --timeout TIME           gives up when nothing has moved for that long (10m)
  --wait                   waits for a person to do what only a person can
  -o, --output text|json   json: one event a line on standard output, see docs/rotation-json.md (text)
`;

/** The words of a rotation, each of them understood. */
export interface GoingOptions {
  /** Undefined: the current one. */
  readonly contexts: readonly (string | undefined)[];
  /** Linkerd's. */
  readonly namespace: string;
  readonly dryRun: "none" | "client" | "server";
  readonly yes: boolean;
  readonly pauseAfter: Stage | undefined;
  readonly maxParallel: number;
  readonly namespaceOrder: readonly string[];
  /** Ids of workloads. */
  readonly excluded: ReadonlySet<string>;
  readonly patienceMs: number;
  readonly wait: boolean;
  readonly json: boolean;
  readonly colour: ColourChoice;
}

/** Reads them; throws a UsageError for the first that is not understood. */
export function goingOptionsIn(args: Arguments): GoingOptions {
  const contexts = [...new Set(args.texts("context").filter((one) => one !== ""))];
  const pauseAfter = args.text("pause-after");
  const order = (args.text("namespace-order") ?? "").split(",").map((one) => one.trim());
  return {
    contexts: contexts.length === 0 ? [undefined] : contexts,
    namespace: args.text("linkerd-namespace") ?? "linkerd",
    dryRun: oneOf("dry-run", ["none", "client", "server"], args.text("dry-run") ?? "none"),
    yes: args.flag("yes"),
    pauseAfter: pauseAfter === undefined ? undefined : oneOf("pause-after", stages, pauseAfter),
    maxParallel: atLeastOne("max-parallel", args.text("max-parallel") ?? "10"),
    namespaceOrder: order.filter((one) => one !== ""),
    excluded: new Set(args.texts("exclude").map(workload)),
    patienceMs: time("timeout", args.text("timeout") ?? "10m"),
    wait: args.flag("wait"),
    json: oneOf("output", ["text", "json"], args.text("output") || "text") === "json",
    colour: oneOf("color", colourChoices, args.text("color") ?? "auto"),
  };
}

const kinds: ReadonlyMap<string, string> = new Map(
  Object.entries(workloadKinds).flatMap(([kind, { short, resource }]) =>
    [short, kind.toLowerCase(), resource].map((word): [string, string] => [word, short]),
  ),
);

function workload(text: string): string {
  const [namespace = "", kind = "", name = "", ...more] = text.split("/");
  const short = kinds.get(kind.toLowerCase());
  if (short === undefined || namespace === "" || name === "" || more.length > 0)
    throw new UsageError(`--exclude ${text}: must be like shop/deploy/web, with deploy, sts, ds or rollout`);
  return workloadId(namespace, short, name);
}

function atLeastOne(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new UsageError(`--${name} ${text}: must be a number from 1 on`);
  return number;
}

function time(name: string, text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms <= 0) throw new UsageError(`--${name} ${text}: must be a time like 10m`);
  return ms;
}
