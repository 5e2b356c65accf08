import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until the answer is neither undefined nor false; what kept it so is in the error. Nobody waits for the whole
 * time but who fails: it is for machines that do much else.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 60_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      cause = error;
    }
    await sleep(everyMs);
  }
  throw new Error(
    `${what}: not within ${timeoutMs / 1000} s\nhint: look into the component logs, or allow more time`,
    { cause },
  );
}

/** Thrown by `ask` when waiting longer is no use. */
export class Hopeless extends Error {
  override readonly name = "Hopeless";
}
