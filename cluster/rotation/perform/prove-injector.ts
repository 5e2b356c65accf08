import { anchorsVariable } from "../../../trust/gather/proxy.ts";
import { few, named } from "../../../trust/naming.ts";
import { lacking } from "../../../trust/rotation/anchors.ts";
import { type Certificate, readBundle } from "../../../trust/x509/index.ts";
import { pause } from "../../backoff.ts";
import { Failure } from "../../failure.ts";
import { type Context, insistence } from "./context.ts";
import { dryRunPod } from "./dry-run-pod.ts";
import { insist } from "./insist.ts";
import { done, type Outcome } from "./outcome.ts";

/** One answer comes from one replica: so many for each, that hardly one is never asked. */
const perReplica = 3;
const betweenMs = 2_000;
/** A kubelet takes up to two minutes to bring a ConfigMap to its pods; the injector's are new, so it takes less. */
const attempts = 60;

/**
 * Has pods made by dry-run, which are injected and never exist, and looks at
 * what they got. Waits until all of them get every anchor asked for; then the
 * observer knows. Throws a Failure where nobody injects, or it takes too long.
 */
export async function proveInjector(anchors: readonly Certificate[], context: Context): Promise<Outcome> {
  const { observer, view, signal } = context;
  const replicas = view.controlPlane.find(({ name }) => name === "proxy-injector")?.rollout.desired ?? 1;
  const namespaces = placesIn(context);
  let [place, missing] = [0, anchors];
  for (let attempt = 0; attempt < attempts && !signal.aborted; attempt++) {
    const namespace = namespaces[place];
    if (namespace === undefined) throw nobodyInjects(namespaces);
    const got: Certificate[][] = [];
    while (got.length < perReplica * Math.max(1, replicas)) {
      const injected = await inject(namespace, context);
      if (injected === undefined) break;
      got.push([...injected]);
    }
    if (got.length === 0 || got.length < perReplica * Math.max(1, replicas)) {
      place++;
      continue;
    }
    const common = got.reduce((all, one) => all.filter((anchor) => lacking(one, [anchor]).length === 0));
    missing = lacking(common, anchors);
    if (missing.length === 0) {
      observer.injected(common, observer.server.now());
      return done(
        `${got.length} pods by dry-run in namespace ${namespace} were injected with ${few(common.map(named))}`,
      );
    }
    await pause(betweenMs, signal);
  }
  throw new Failure(
    `the injector still gives new pods a bundle without ${few(missing.map(named))}`,
    "See that its pods are new and its ConfigMap is mounted: kubectl describe pod -n linkerd -l linkerd.io/control-plane-component=proxy-injector.",
  );
}

/** What a new pod there would get; undefined where none is made or none is injected. */
async function inject(namespace: string, context: Context): Promise<readonly Certificate[] | undefined> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = { dryRun: "All", fieldManager: "linkerd-certs" };
  const options = { body: dryRunPod(namespace), query };
  const answer = await insist(context.observer.cluster, "POST", path, options, insistence(context)).catch(
    (error: unknown) => {
      // PodSecurity, a quota, a policy: another namespace may do.
      if (error instanceof Failure && error.status === 403) return { status: 403, body: undefined };
      throw error;
    },
  );
  if (answer.status >= 300) return undefined;
  const { spec } = answer.body as ReturnType<typeof dryRunPod>; // the path says so
  const proxy = [...(spec.initContainers ?? []), ...spec.containers].find(
    ({ name }) => name === "linkerd-proxy",
  );
  const text = proxy?.env?.find(({ name }) => name === anchorsVariable)?.value;
  return text === undefined ? undefined : readBundle(text).anchors;
}

const never = ["kube-system", "cert-manager"];

/** Where it may be tried: where something meshed runs, and stale ones first. */
function placesIn({ view, namespace: own }: Context): readonly string[] {
  const anchors = view.bundle?.anchors ?? [];
  const stale = view.workloads.filter(({ proxies }) =>
    proxies.some((group) => lacking(group.anchors, anchors).length > 0),
  );
  const names = [...stale, ...view.workloads].map(({ namespace }) => namespace);
  // Where nothing is meshed there is nobody to be restarted, and any namespace will do.
  return [...new Set([...names, "default"])].filter((name) => name !== own && !never.includes(name));
}

function nobodyInjects(namespaces: readonly string[]): Failure {
  return new Failure(
    `no pod by dry-run is injected in ${few(namespaces)}`,
    "See that the injector is up and its webhook is registered, and that pods may be made there: kubectl get mutatingwebhookconfiguration linkerd-proxy-injector-webhook-config.",
  );
}
