/** What kept us from asking: what happened, and the way out of it. Never something wrong with the answer itself. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** One instruction, with a full stop. */
  readonly hint: string;
  /** The HTTP status, where the API server answered. */
  readonly status: number | undefined;

  constructor(message: string, hint: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.hint = hint;
    this.status = status;
  }
}
