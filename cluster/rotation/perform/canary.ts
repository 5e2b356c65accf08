import { few, named } from "../../../trust/naming.ts";
import { lacking } from "../../../trust/rotation/anchors.ts";
import { Failure } from "../../failure.ts";
import type { Context } from "./context.ts";
import { injectedBy } from "./injected-by.ts";

/** That what was proven of the injector still holds, asked again now and then while workloads are restarted. */
export interface Canary {
  /** Throws a Failure where a pod made now would come up without a proxy, or with another bundle. */
  sing(context: Context): Promise<void>;
}

/** So many restarts may go wrong at most: those that begin within this time. */
const restMs = 5_000;

/**
 * Where nobody answers for the injector, Kubernetes makes pods without a proxy
 * (its webhook's failure policy is Ignore, unless it is set to Fail), and a
 * restart would take a workload out of the mesh.
 */
export function canary(): Canary {
  let last = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  return {
    async sing(context) {
      if (performance.now() - last < restMs) return;
      asking ??= ask(context)
        .then(() => {
          last = performance.now();
        })
        .finally(() => {
          asking = undefined;
        });
      await asking;
    },
  };
}

async function ask(context: Context): Promise<void> {
  const proof = context.observer.proof;
  if (proof === undefined) return;
  const got = await injectedBy(proof.namespace, context);
  if ("anchors" in got && lacking(got.anchors, proof.anchors).length === 0) return;
  const why =
    "anchors" in got
      ? `it gives a bundle without ${few(lacking(got.anchors, proof.anchors).map(named))}`
      : got.why;
  throw new Failure(
    `the injector does not do its work any more: ${why}`,
    `See its pods: kubectl get pods -n ${context.namespace} -l linkerd.io/control-plane-component=proxy-injector.`,
    { status: 503 },
  );
}
