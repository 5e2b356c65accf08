import { mustApi } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import { eventually } from "./eventually.ts";

/** What is asked to be done: ResourceAttributes of authorization.k8s.io/v1. */
export interface Deed {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Waits until the API server lets this user do it: it hears of roles and bindings by a watch, a moment after they are made. */
export async function permitted(cp: ControlPlane, user: string, deed: Deed): Promise<void> {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user, resourceAttributes: deed },
  };
  await eventually(`${user} may ${deed.verb} ${deed.resource}`, async () => {
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const { status } = await mustApi<{ status: { allowed: boolean } }>(cp.api, "POST", path, review);
    return status.allowed;
  });
}
