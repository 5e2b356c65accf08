import type { Metrics } from "../metrics.ts";

/** A certificate and its key as PEM, ready to be served. */
export interface Credentials {
  /** The leaf first. */
  readonly certificate: string;
  readonly key: string;
}

/** What may be said of the certificate that is served. */
export interface Served {
  readonly notAfter: Date;
  readonly fingerprint: string;
}

/** Where the server's certificate comes from, and how it stays valid. */
export interface ServingCertificate {
  current(): Served | undefined;
  /** Tells of every certificate to serve from now on; at once, if there is one. */
  onChange(listener: (credentials: Credentials) => void): void;
  /** Looks for a certificate once, and from then on in the background. Does not throw: see problems. */
  start(): Promise<void>;
  /** No more looking, and nothing is under way when it resolves. */
  stop(): Promise<void>;
  /** Why the API server could not call us; empty when it could. */
  problems(): readonly string[];
}

export type ServingMetrics = Pick<
  Metrics,
  "servingExpiry" | "servingRotated" | "caBundleInSync" | "webhookConfigured"
>;
