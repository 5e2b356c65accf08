import type { Query } from "./wire/send.ts";

export interface PodPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** "application/json" by default; a PATCH says which kind it is. */
  readonly contentType?: string;
  readonly query?: Query;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, plain text, or undefined where there is none. */
  readonly body: unknown;
  /** The API server's own time, in whole seconds. */
  readonly date?: Date;
}

export interface LinesOptions {
  readonly query?: Query;
  /** Ends it. From its first byte on there is no other time limit. */
  readonly signal?: AbortSignal;
  /** Called when the server has accepted it. */
  begun?(): void;
}

export interface ListOptions extends Omit<LinesOptions, "begun"> {
  each(item: unknown): void;
  readonly timeoutMs?: number;
}

export interface ListMeta {
  readonly resourceVersion: string;
  /** The token of the next page. */
  readonly continue?: string;
}
