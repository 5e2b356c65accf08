import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { type AskablePod, askable, readLeaf } from "../../cluster/leaf.ts";
import type { Pod } from "../../trust/gather/proxy.ts";
import type { Look, LookOptions } from "./look.ts";
import type { ServedLeaf } from "./types.ts";

/**
 * What the proxy serves of the pod that is named ("any" or NAMESPACE/POD). What
 * keeps us from it is noted.
 */
export async function readNamedLeaf(
  cluster: Cluster,
  look: Look,
  { named, newest, ...options }: NamedLeaf,
): Promise<ServedLeaf | undefined> {
  const [namespace, name, ...more] = named.split("/");
  if (named !== "any" && (!namespace || !name || more.length > 0))
    throw new Failure(
      `--proxy ${named} names no pod`,
      "Write it like this: --proxy NAMESPACE/POD, or --proxy any.",
    );
  const what = `The certificate that ${named === "any" ? "a proxy" : named} serves`;
  const seen =
    named === "any"
      ? undefined
      : await look.one(`Pod ${named}`, `/api/v1/namespaces/${namespace}/pods/${name}`);
  const pod = named === "any" ? newest : askable((seen?.value ?? {}) as Pod); // the path says so
  if (pod === undefined) {
    const hint = "Name one that runs: --proxy NAMESPACE/POD.";
    if (named === "any" || seen !== undefined)
      look.note(what, new Failure("there is no such proxy", hint), "core");
    return undefined;
  }
  try {
    return { pod: `${pod.namespace}/${pod.name}`, chain: await readLeaf(cluster, pod, options) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    look.note(what, error, "core");
    return undefined;
  }
}

interface NamedLeaf extends LookOptions {
  readonly named: string;
  readonly newest: AskablePod | undefined;
}
