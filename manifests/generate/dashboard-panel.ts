/** A query and what its lines are called. */
export type Query = readonly [expr: string, legend: string];

/** One picture. */
export interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly type: "stat" | "timeseries";
  readonly unit: string;
  readonly queries: readonly Query[];
  /** From that value on, in that colour; the first stands for everything below. */
  readonly steps?: readonly (readonly [color: string, from: number | null])[];
  readonly words?: Readonly<Record<string, string>>;
}

export const guard = 'namespace="$namespace"';
export const webhooks = 'name=~"(trust-roots|issuer)[.]linkerd-certs[.]io"';
/** A metric of the guard's. */
export const m = (name: string, labels = "") =>
  `linkerd_certs_${name}{${guard}${labels === "" ? "" : `,${labels}`}}`;
export const rate = (series: string) => `rate(${series}[$__rate_interval])`;
/** The increase of a counter that is not there before its first event, wherever its target was scraped already. */
export const sinceNothing = (series: string) =>
  `((${series} unless ${series} offset $__rate_interval) and on (job, instance) up offset $__rate_interval == 1) or increase(${series}[$__rate_interval])`;
