import { moment } from "../../../trust/naming.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import type { Happening } from "../progress.ts";

/** What happened, as one line of JSON; docs/rotation-json.md is its contract. */
export function jsonEvent(happening: Happening): string {
  const { kind: type, at, ...rest } = happening;
  const { step, ...more } = rest as { step?: Step } & Record<string, unknown>; // any happening's own fields
  return JSON.stringify({
    apiVersion: "linkerd-certs.io/v1",
    kind: "RotationEvent",
    type,
    at: at.toISOString(),
    ...more,
    ...(step === undefined ? {} : { step: stepJson(step) }),
  });
}

function stepJson(step: Step): object {
  switch (step.kind) {
    case "write-bundle": {
      const { anchors, adds, drops, ...more } = step;
      return {
        ...more,
        anchors: anchors.map(certificateJson),
        adds: adds.map(certificateJson),
        drops: drops.map(certificateJson),
      };
    }
    case "prove-injector":
      return { ...step, anchors: step.anchors.map(certificateJson) };
    default:
      return step;
  }
}

/** A certificate as machines are told of it. */
export function certificateJson({ name, fingerprint, notAfter }: Certificate): object {
  return { name, fingerprint, notAfter: moment(notAfter) };
}
