import { Failure } from "../../cluster/failure.ts";
import { UsageError } from "../command.ts";
import { noSettings, type Settings } from "../settings/settings.ts";
import { treatCheck } from "../settings/treat-check.ts";
import type { ClusterChoice, World } from "../world.ts";
import { assess, type Soon } from "./assess.ts";
import type { CheckRun, ClusterOutcome } from "./assessment.ts";
import { compare } from "./compare.ts";
import { survey } from "./survey.ts";

export interface RunOptions {
  readonly kubeconfig?: string;
  /** None: the current one. */
  readonly contexts: readonly string[];
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly soon: Soon;
  /** Whose certificate to look at: "any" or NAMESPACE/POD. */
  readonly proxy?: string;
  /** What is weighed otherwise, or suppressed. */
  readonly settings?: Settings;
}

/** Looks once at each cluster, side by side. One that cannot be asked does not keep the others from it. */
export async function lookOnce(world: World, options: RunOptions): Promise<CheckRun> {
  const contexts = options.contexts.length === 0 ? [undefined] : options.contexts;
  const clusters = await Promise.all(contexts.map((context) => lookAtOne(world, options, context)));
  const surveys = clusters.flatMap(({ assessment }) => assessment?.survey ?? []);
  const run = { clusters, ...(surveys.length > 1 ? { comparison: compare(surveys) } : {}) };
  return treatCheck(run, options.settings ?? noSettings, world.clock());
}

async function lookAtOne(world: World, options: RunOptions, context?: string): Promise<ClusterOutcome> {
  const { kubeconfig, namespace, timeoutMs, soon } = options;
  const choice: ClusterChoice = {
    timeoutMs,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
  const name = context ?? "the cluster";
  try {
    const cluster = await world.connect(choice);
    try {
      const seen = await survey(cluster, {
        namespace,
        timeoutMs,
        clock: world.clock,
        signal: world.interrupted,
        ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
        ...(context === undefined ? {} : { context }),
      });
      return { name: context ?? seen.cluster, assessment: assess(seen, soon) };
    } finally {
      cluster.close();
    }
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof UsageError) throw error;
    return { name, failure: { message: error.message, hint: error.hint } };
  }
}
