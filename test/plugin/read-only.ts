import type { Cluster } from "../../cluster/connect.ts";
import { Failure } from "../../cluster/failure.ts";
import { controlPlaneObjects, type Installation } from "../cluster/control-plane-objects.ts";

/** Objects by their path. A list's path holds an array; a Failure is thrown. */
export type Objects = Readonly<Record<string, object | readonly object[] | Failure>>;

/** A cluster that can be read, from memory: pages of two. */
export function readOnly(objects: Objects): Cluster & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    describe: "a cluster in memory",
    asked,
    async request(_method, path) {
      asked.push(path);
      const found = objects[path];
      if (found instanceof Failure) throw found;
      return found === undefined ? { status: 404, body: {} } : { status: 200, body: found };
    },
    async list(path, { each, query = {} }) {
      asked.push(`${path}?continue=${query["continue"] ?? ""}`);
      const found = objects[path] ?? [];
      if (found instanceof Failure) throw found;
      const all = found as readonly object[]; // a list's path holds an array
      const from = Number(query["continue"] ?? 0);
      for (const item of all.slice(from, from + 2)) each(item);
      return { resourceVersion: "1", ...(from + 2 < all.length ? { continue: String(from + 2) } : {}) };
    },
    lines: () => {
      throw new Error("nothing is watched here");
    },
    forward: () => Promise.reject(new Error("nothing is forwarded here")),
    close: () => {},
  };
}

/** What an installation has in Linkerd's namespace, without its pods. */
export function installed(install: Installation): Objects {
  const plural: Readonly<Record<string, string>> = { ConfigMap: "configmaps", Secret: "secrets" };
  const entries = controlPlaneObjects(install).flatMap((object) => {
    const kind = plural[object.kind];
    return kind === undefined ? [] : [[inLinkerd(kind, object.metadata.name), object] as const];
  });
  return { "/api/v1/namespaces/linkerd": {}, ...Object.fromEntries(entries) };
}

export function inLinkerd(resource: string, name: string): string {
  return `/api/v1/namespaces/linkerd/${resource}/${name}`;
}

export function forbidden(what: string): Failure {
  return new Failure(`${what} is forbidden`, `Give you the verb "get" on ${what}.`, { status: 403 });
}
