// What the guard answers to a write in the model: its own rules, over objects and pods as the API server has them.
import type { Pod as Manifest } from "../../../../trust/gather/proxy.ts";
import { refusing, type State } from "../../facts.ts";
import { issuerSecret, trustRoots } from "../../objects.ts";
import {
  controlPlanePod,
  identityArgs,
  identityPod,
  type PodOptions,
  pod as workloadPod,
} from "../../pods.ts";
import { type Cluster, type Pod, seconds, type Work, type World } from "./cluster.ts";
import { type Issuer, minted, type Name } from "./pki.ts";

export type Write = { readonly bundle: readonly Name[] } | { readonly issuer: Issuer | undefined };

/** The rules that refuse it; none where it may be written. */
export function refusedBy(world: World, cluster: Cluster, write: Write): string[] {
  const to: State =
    "bundle" in write
      ? { bundle: write.bundle.map((name) => minted[name]) }
      : { issuer: write.issuer && issuerSecret(write.issuer.minted) };
  return refusing(stateOf(world, cluster), to);
}

function stateOf({ now }: World, { bundle, bundleAt, secret, works, seen }: Cluster): State {
  return {
    now: seconds(now),
    bundle: trustRoots(
      bundle.map((name) => minted[name]),
      seconds(bundleAt),
    ),
    issuer: secret?.issuer.minted,
    mesh: works.flatMap((work) => [...work.pods].map((pod) => manifest(work, pod))),
    seen: seen.map(({ issuer, from }) => [issuer.minted, seconds(from)] as const),
  };
}

const args = identityArgs({ "identity-issuance-lifetime": "1h0m0s" });

function manifest({ role, id }: Work, { madeAt, endsAt, names }: Pod): Manifest {
  const startedAt = seconds(madeAt);
  const options: Partial<PodOptions> = { startedAt, createdAt: startedAt, terminating: endsAt !== undefined };
  if (role === "identity") return identityPod({ ...options, identityArgs: args });
  if (role !== "workload") return controlPlanePod(role, options);
  const [namespace = "", , name = ""] = id.split("/");
  return workloadPod({
    ...options,
    namespace,
    owner: ["deployment", name],
    bundle: names.map((one) => minted[one]),
  });
}
