import { type Api, mustApi } from "../cluster/api.ts";
import type { KubeObject } from "../cluster/objects.ts";

/** Writes an object in every way there is, each really and as a dry run, and gives back how many requests it took. */
export async function everyWay(api: Api, collection: string, object: KubeObject): Promise<number> {
  const path = `${collection}/${object.metadata.name}`;
  const touched = (by: string) => ({ metadata: { annotations: { touched: by } } });
  const jsonPatch = [{ op: "add", path: "/metadata/annotations", value: { touched: "json" } }];
  const writes: [method: string, path: string, body?: unknown, contentType?: string][] = [
    ["POST", `${collection}?dryRun=All`, object],
    ["POST", collection, object],
    ["PUT", path],
    ["PATCH", path, touched("merge")],
    ["PATCH", path, touched("strategic"), "application/strategic-merge-patch+json"],
    ["PATCH", path, jsonPatch, "application/json-patch+json"],
    ["PATCH", `${path}?fieldManager=test&force=true`, object, "application/apply-patch+yaml"],
    ["DELETE", `${path}?dryRun=All`],
    ["DELETE", `${path}?gracePeriodSeconds=0`],
    // Server-side apply creates too.
    ["PATCH", `${path}?fieldManager=test&force=true`, object, "application/apply-patch+yaml"],
  ];
  for (const [method, target, body, contentType] of writes) {
    const type = contentType === undefined ? {} : { contentType };
    const write = async () => api(method, target, body ?? (await unchanged(api, method, path)), type);
    let { status, body: answer } = await write();
    // A pod's status is written meanwhile.
    while (status === 409) ({ status, body: answer } = await write());
    if (status >= 300) throw new Error(`${method} ${target}: ${status} ${JSON.stringify(answer)}`);
  }
  // A pod that somebody else was just removing may be gone already.
  const { status } = await api("DELETE", `${path}?gracePeriodSeconds=0`);
  if (status >= 300 && status !== 404) throw new Error(`DELETE ${path}: ${status}`);
  return writes.length + 1;
}

async function unchanged(api: Api, method: string, path: string): Promise<unknown> {
  return method === "PUT" ? await mustApi(api, "GET", path) : undefined;
}
