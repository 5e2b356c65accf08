/** What kept us from asking: what happened, and the way out of it. Never something wrong with the answer itself. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** One instruction, with a full stop. */
  readonly hint: string;
  /** The HTTP status, where the API server answered. */
  readonly status: number | undefined;
  /** How long the API server asks us to wait before we ask again. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, hint: string, { status, cause, retryAfterMs }: FailureDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.hint = hint;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface FailureDetails {
  readonly status?: number;
  readonly cause?: unknown;
  readonly retryAfterMs?: number | undefined;
}
