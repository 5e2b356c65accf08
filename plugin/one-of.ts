import { UsageError } from "./command.ts";

/** The value of a flag that takes one of a few words; throws a UsageError for any other. */
export function oneOf<const T extends string>(name: string, words: readonly T[], text: string): T {
  const found = words.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--${name} ${text}: must be one of ${words.join(", ")}`);
  return found;
}
