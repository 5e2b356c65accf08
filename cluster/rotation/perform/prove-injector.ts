import { few, named } from "../../../trust/naming.ts";
import { lacking } from "../../../trust/rotation/anchors.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import { pause } from "../../backoff.ts";
import { Failure } from "../../failure.ts";
import type { Context } from "./context.ts";
import { injectedBy } from "./injected-by.ts";
import { done, type Outcome } from "./outcome.ts";

/** One answer comes from one replica: so many for each, that hardly one is never asked. */
const perReplica = 3;
const betweenMs = 1_000;
/** A kubelet takes up to two minutes to bring a ConfigMap to its pods; the injector's are new, so it takes less. */
const attempts = 120;

/**
 * Has pods made by dry-run, which are injected and never exist, and looks at
 * what they got. Waits until all of them get every anchor asked for; then the
 * observer knows. Throws a Failure where nobody injects, or it takes too long.
 */
export async function proveInjector(anchors: readonly Certificate[], context: Context): Promise<Outcome> {
  const { observer, signal, namespace: own } = context;
  const namespaces = placesIn(context);
  let missing = anchors;
  for (let attempt = 0; attempt < attempts && !signal.aborted; attempt++) {
    const got = await askAround(namespaces, context);
    const common = got.anchors.filter((anchor) =>
      got.all.every((one) => lacking(one, [anchor]).length === 0),
    );
    missing = lacking(common, anchors);
    if (missing.length === 0) {
      observer.injected({ anchors: common, at: observer.server.now(), namespace: got.namespace });
      return done(
        `${got.all.length} pods by dry-run in namespace ${got.namespace} were injected with ${few(common.map(named))}`,
      );
    }
    await pause(betweenMs, signal);
  }
  throw new Failure(
    `the injector still gives new pods a bundle without ${few(missing.map(named))}`,
    `See that its pods are new and mount the ConfigMap: kubectl describe pod -n ${own} -l linkerd.io/control-plane-component=proxy-injector.`,
    { status: 503 },
  );
}

/** What pods would get in the first namespace where they would get something. */
async function askAround(namespaces: readonly string[], context: Context) {
  const replicas = context.view.controlPlane.find(({ name }) => name === "proxy-injector")?.rollout.desired;
  const whys: string[] = [];
  for (const namespace of namespaces) {
    const all: (readonly Certificate[])[] = [];
    for (let asked = 0; asked < perReplica * Math.max(1, replicas ?? 1); asked++) {
      const got = await injectedBy(namespace, context);
      if ("anchors" in got) all.push(got.anchors);
      else {
        whys.push(got.why);
        break;
      }
    }
    const [anchors] = all;
    // One replica that does not inject is a reason to look elsewhere as well.
    if (anchors !== undefined && all.length === perReplica * Math.max(1, replicas ?? 1))
      return { namespace, all, anchors };
  }
  throw new Failure(
    `no pod by dry-run is injected: ${few([...new Set(whys)])}`,
    "See that the injector is up, that its webhook is registered, and that pods may be made where the mesh runs.",
    { status: 503 },
  );
}

const never = ["kube-system", "cert-manager"];

/** Where it may be tried: where something meshed runs, stale ones first. */
function placesIn({ view, namespace: own }: Context): readonly string[] {
  const anchors = view.bundle?.anchors ?? [];
  const stale = view.workloads.filter(({ proxies }) =>
    proxies.some((group) => lacking(group.anchors, anchors).length > 0),
  );
  const names = [...stale, ...view.workloads].map(({ namespace }) => namespace);
  // Where nothing is meshed there is nobody to be restarted, and any namespace will do.
  return [...new Set([...names, "default"])]
    .filter((name) => name !== own && !never.includes(name))
    .slice(0, 10);
}
