import type { Thresholds } from "../../trust/facts.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { type Arguments, UsageError } from "../command.ts";
import { oneOf } from "../one-of.ts";
import { type ColourChoice, colourChoices } from "../render/colour.ts";
import type { RunOptions } from "../survey/run.ts";
import { thresholdsOf } from "../survey/thresholds.ts";
import { requestTimeoutMs, timeOf } from "../time.ts";

export const outputs = ["table", "wide", "short", "json", "yaml", "junit", "sarif", "github"] as const;
export type Output = (typeof outputs)[number];

const failures = ["error", "warning", "never"] as const;

export interface CheckOptions extends RunOptions {
  readonly output: Output;
  readonly failOn: (typeof failures)[number];
  readonly colour: ColourChoice;
  /** Undefined: once. */
  readonly waitMs?: number;
}

/** The words of `check`, each of them understood. */
export function checkOptions(args: Arguments): CheckOptions {
  if (args.positionals.length > 0) throw new UsageError(`check takes no ${args.positionals[0]}`);
  // linkerd hands on each of its flags, with nothing in those that were not given.
  const given = (name: string) => args.text(name) || undefined;
  const kubeconfig = given("kubeconfig");
  const wait = given("wait");
  const proxy = proxyOf(given("proxy"));
  return {
    ...(args.settings === undefined ? {} : { settings: args.settings }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(proxy === undefined ? {} : { proxy }),
    contexts: [...new Set(args.texts("context").filter((one) => one !== ""))],
    namespace: given("linkerd-namespace") ?? "linkerd",
    timeoutMs: requestTimeoutMs(args),
    soon: { anchor: soon("min-anchor-ttl", args), issuer: soon("min-issuer-ttl", args) },
    output: oneOf("output", outputs, given("output") ?? "table"),
    failOn: oneOf("fail-on", failures, given("fail-on") ?? "error"),
    colour: oneOf("color", colourChoices, given("color") ?? "auto"),
    ...(wait === undefined ? {} : { waitMs: timeOf("wait", wait) }),
  };
}

// linkerd's own --proxy is a yes or no.
function proxyOf(text: string | undefined): string | undefined {
  return text === "false" ? undefined : text === "true" ? "any" : text;
}

function soon(name: string, args: Arguments): Thresholds {
  const text = args.text(name);
  if (text === undefined) return defaultPolicy.thresholds;
  const thresholds = thresholdsOf(text);
  if (thresholds === undefined) throw new UsageError(`--${name} ${text}: must be like 60d or 20%`);
  return thresholds;
}
