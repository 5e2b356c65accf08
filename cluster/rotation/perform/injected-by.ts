import { anchorsVariable } from "../../../trust/gather/proxy.ts";
import { type Certificate, readBundle } from "../../../trust/x509/index.ts";
import { Failure } from "../../failure.ts";
import { fieldManager } from "../kinds.ts";
import { type Context, insistence } from "./context.ts";
import { dryRunPod } from "./dry-run-pod.ts";
import { insist } from "./insist.ts";

/** What a pod made there now would get, by a dry run; or why it would get nothing. */
export async function injectedBy(
  namespace: string,
  context: Context,
): Promise<{ readonly anchors: readonly Certificate[] } | { readonly why: string }> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const options = { body: dryRunPod(namespace), query: { dryRun: "All", fieldManager } };
  const answer = await insist(context.observer.cluster, "POST", path, options, insistence(context)).catch(
    (error: unknown) => {
      // PodSecurity, a quota, a policy, a permission: another namespace may do.
      if (error instanceof Failure && error.status === 403) return error;
      throw error;
    },
  );
  if (answer instanceof Failure) return { why: answer.message };
  if (answer.status >= 300) {
    const { message } = (answer.body ?? {}) as { message?: string }; // meta/v1 Status
    return { why: message ?? `the API server answered ${answer.status}` };
  }
  const { spec } = answer.body as ReturnType<typeof dryRunPod>; // the path says so
  const proxy = [...(spec.initContainers ?? []), ...spec.containers].find(
    ({ name }) => name === "linkerd-proxy",
  );
  const text = proxy?.env?.find(({ name }) => name === anchorsVariable)?.value;
  return text === undefined
    ? { why: `a pod made in namespace ${namespace} gets no proxy` }
    : { anchors: readBundle(text).anchors };
}
