import { type Arguments, UsageError } from "./command.ts";
import { durationMs } from "./survey/duration.ts";

/** Why a text is no time to wait; undefined where it is one. */
export const notATime = (text: string): string | undefined =>
  (durationMs(text) ?? -1) < 0 ? "must be a time like 30s or 5m" : undefined;

/** The value of a flag that takes a time, in milliseconds; throws a UsageError for anything else. */
export function timeOf(name: string, text: string): number {
  const wrong = notATime(text);
  if (wrong !== undefined) throw new UsageError(`--${name} ${text}: ${wrong}`);
  return durationMs(text) ?? 0;
}

/** --request-timeout in milliseconds. As kubectl has it, 0 is as long as it takes: here a minute. */
export function requestTimeoutMs(args: Arguments): number {
  // linkerd hands on each of its flags, with nothing in those that were not given.
  return timeOf("request-timeout", args.text("request-timeout") || "10s") || 60_000;
}
