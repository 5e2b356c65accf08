import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

type Schema = Readonly<Record<string, unknown>> & {
  readonly "x-kubernetes-group-version-kind"?: readonly Kind[];
};

/** Where kubeconform finds them, given the folder. */
export const schemaLocation = (dir: string) =>
  join(dir, "{{ .Group }}", "{{ .ResourceAPIVersion }}", "{{ .ResourceKind }}.json");

/** Writes what the running API server says of each kind, as JSON Schema in which nothing may stand that it does not name. */
export async function writeSchemas(cp: ControlPlane, dir: string): Promise<number> {
  const { paths } = await mustApi<{ paths: Record<string, { serverRelativeURL: string }> }>(
    cp.api,
    "GET",
    "/openapi/v3",
  );
  let written = 0;
  for (const { serverRelativeURL } of Object.values(paths)) {
    const { components } = await mustApi<{ components?: { schemas?: Record<string, Schema> } }>(
      cp.api,
      "GET",
      serverRelativeURL.split("?")[0] ?? "", // the hash changes while kinds are still being added
    );
    const schemas = components?.schemas ?? {};
    const closed = Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, strict(schema)]),
    );
    for (const [name, schema] of Object.entries(schemas)) {
      for (const { group, version, kind } of schema["x-kubernetes-group-version-kind"] ?? []) {
        // Lists, options and the like are in every document.
        if (!serverRelativeURL.includes(`${group === "" ? "api" : group}/${version}`)) continue;
        const folder = join(dir, group === "" ? version : group, version); // as kubeconform calls the core
        mkdirSync(folder, { recursive: true });
        const text = { $ref: `#/components/schemas/${name}`, components: { schemas: closed } };
        writeFileSync(join(folder, `${kind.toLowerCase()}.json`), JSON.stringify(text));
        written++;
      }
    }
  }
  return written;
}

function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, strict(part)]));
  const open = "additionalProperties" in inner || inner["x-kubernetes-preserve-unknown-fields"] === true;
  return typeof inner["properties"] === "object" && inner["type"] === "object" && !open
    ? { ...inner, additionalProperties: false }
    : inner;
}
