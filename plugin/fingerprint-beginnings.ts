import { type Arguments, UsageError } from "./command.ts";

/** The values of a flag that takes beginnings of fingerprints; throws a UsageError for what is none, or could be anybody's. */
export function fingerprintBeginnings(args: Arguments, name: string): readonly string[] {
  const texts = args.texts(name);
  const wrong = texts.find((text) => !/^[0-9a-f]{8,64}$/.test(text));
  if (wrong !== undefined)
    throw new UsageError(`--${name} ${wrong}: must be 8 to 64 hexadecimal digits of a fingerprint`);
  return texts;
}
