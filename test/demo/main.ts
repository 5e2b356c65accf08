// npm run demo: a real control plane, the guard from manifests/, and a story of writes by kubectl.
//   npm run demo -- --context NAME    in a cluster that you have; the guard must be installed there
//   npm run demo -- --keep            leaves the control plane running until Ctrl-C

import { parseArgs } from "node:util";
import { bundle } from "../certificates/index.ts";
import { startControlPlane } from "../cluster/control-plane.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { startGuardProcess } from "../guard/process.ts";
import { installGuard } from "../manifests/install.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { demoInCluster } from "./in-cluster.ts";
import { tell } from "./tell.ts";

const { values } = parseArgs({
  options: { context: { type: "string" }, keep: { type: "boolean", default: false } },
});

try {
  process.exitCode = await (values.context === undefined
    ? demoHere()
    : demoInCluster(values.context, process.stdout));
} catch (error) {
  // The message ends in the way out; where it happened helps nobody who came to watch.
  process.stderr.write(`the demo cannot go on: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function demoHere(): Promise<number> {
  say("starting etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok on loopback");
  const cp = await startControlPlane();
  const stop = once(() => cp.stop());
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(130)));
  }
  try {
    const material = mintMaterial(new Date());
    const { first, live } = material;
    say("installing Linkerd's objects and a meshed workload");
    await installLinkerd(cp, {
      bundle: bundle(first),
      issuer: { chainPem: live.pem, keyPem: live.keyPem },
      scheme: "linkerd.io/tls",
    });
    await inject(cp, { namespace: "emojivoto", name: "web", replicas: 2, bundle: bundle(first) });
    say("kubectl apply -k manifests");
    const guard = await guarded(cp);
    say("the guard is ready; now to the writes");
    const wrong = await tell(cp, material, process.stdout);
    if (values.keep) await kept(cp.kubeconfig);
    await guard.end();
    return wrong === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}

// The manifests first: they make the account that the guard runs as.
async function guarded(cp: Awaited<ReturnType<typeof startControlPlane>>) {
  const { freePorts } = await import("../cluster/ports.ts");
  const [port = 0] = await freePorts(1);
  await installGuard(cp, { port });
  const guard = await startGuardProcess(cp, { port });
  await guard.ready();
  return guard;
}

async function kept(kubeconfig: string): Promise<void> {
  say(`it stays until Ctrl-C:  export KUBECONFIG=${kubeconfig}`);
  await new Promise(() => setInterval(() => {}, 60_000));
}

function say(what: string): void {
  process.stdout.write(`· ${what}\n`);
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };
}
