import type { Step } from "../../../trust/rotation/plan.ts";
import { workloadId } from "../kinds.ts";
import type { Context } from "./context.ts";
import { again, type Outcome } from "./outcome.ts";
import { proveInjector } from "./prove-injector.ts";
import { restart } from "./restart.ts";
import { settleInstall } from "./settle-install.ts";
import { writeThroughCertManager } from "./through-cert-manager.ts";
import { writeThroughTrustManager } from "./through-trust-manager.ts";
import { writeBundle } from "./write-bundle.ts";
import { writeIssuer } from "./write-issuer.ts";

/** Does one step. Doing it twice does no harm. Throws a Failure for what kept it from being tried. */
export async function perform(step: Step, context: Context): Promise<Outcome> {
  switch (step.kind) {
    case "write-bundle":
      return context.view.ways.bundle.by === "owner"
        ? writeThroughTrustManager(step, context)
        : writeBundle(step, context);
    case "write-issuer":
      return context.view.ways.issuer.by === "owner"
        ? writeThroughCertManager(context)
        : writeIssuer(context);
    case "prove-injector":
      // It follows every write, and begins every run.
      if (!context.dryRun) await settleInstall(context);
      return proveInjector(step.anchors, context);
    case "restart-workload":
      await context.canary?.sing(context);
      return restart(step.workload, context);
    case "restart-component":
      return restartComponent(step.component, context);
  }
}

async function restartComponent(name: string, context: Context): Promise<Outcome> {
  const { view, namespace } = context;
  const component = view.controlPlane.find((one) => one.name === name);
  if (component === undefined) return again(`there is no ${name} any more`);
  const [short = "", workload = ""] = component.workload.split("/");
  return restart(workloadId(namespace, short, workload), context);
}
