/** Why a reader goes no further. It never leaves this room: the doors turn it into a value. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Ends the reading. */
export function refuse(reason: string): never {
  throw new Refusal(reason);
}

/** Ends the reading, unless there is something. */
export function need<T>(value: T | undefined, reason: string): T {
  return value === undefined ? refuse(reason) : value;
}

/** The value, or the reason why there is none. */
export function attempt<T extends object>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
