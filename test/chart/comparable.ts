import { rules } from "../../trust/rules/index.ts";
import { readConfig } from "../../webhook/config.ts";
import type { KubeObject } from "../cluster/objects.ts";
import { objectsIn } from "./chart.ts";

const ids = rules.map(({ id }) => id);

/** What Helm printed, in one order. */
export const sorted = (rendered: string) =>
  [...objectsIn(rendered)].sort((one, other) => (id(one) < id(other) ? -1 : 1));

/** What tells an object from all others. */
export const id = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;

/** Without labels, the hash behind a ConfigMap's name, and the guard's settings, which are compared as it reads them. */
export function comparable(objects: readonly KubeObject[]): object {
  const texts = objects.map((object) => {
    const { labels: _, ...metadata } = object.metadata as {
      labels?: object;
      name: string;
      namespace?: string;
    };
    const { data, ...rest } = object as KubeObject & { data?: { "config.yaml"?: string } };
    const settings = data?.["config.yaml"];
    const read = settings === undefined ? {} : { settings: readConfig(settings, ids) };
    const text = JSON.stringify({ ...rest, metadata, ...read })
      .replace(/linkerd-certs-config-\w{10}/g, "linkerd-certs-config")
      .replace(/"checksum\/config":"\w+",/, "");
    return JSON.parse(text) as KubeObject;
  });
  return Object.fromEntries(texts.map((object) => [id(object), object]));
}
