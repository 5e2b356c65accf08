import { parse } from "../manifest/parse.ts";
import { split } from "../manifest/split.ts";
import type { World } from "../world.ts";
import type { Door } from "./door.ts";
import { dataSources, type ObjectName, objectName, readObject } from "./objects.ts";
import { type Material, openMaterial } from "./open.ts";
import { readSources, type Source } from "./read.ts";

export interface Places {
  /** Of the objects named. */
  readonly namespace: string;
  /** Linkerd's own. */
  readonly linkerdNamespace: string;
}

/** Opens whatever the words name: files, folders, - for standard input, and objects of the cluster. */
export async function openInputs(
  words: readonly string[],
  places: Places,
  door: Door,
  world: World,
): Promise<readonly Material[]> {
  const materials: Material[] = [];
  for (const word of words) {
    const object = objectName(word, places.namespace);
    const sources =
      object === undefined
        ? (await readSources(word, world)).flatMap(unfold)
        : await readObject(object, places.linkerdNamespace, door, world);
    materials.push(...sources.map(openMaterial));
  }
  return materials;
}

/** A manifest becomes the texts in it; anything else stays what it is. */
function unfold(source: Source): readonly Source[] {
  const text = Buffer.from(source.bytes).toString("utf8");
  if (text.length > 3 * 1024 * 1024 || !/^[\s{,]*["']?kind["']?\s*:/m.test(text)) return [source];
  const parts = [...split(text)]
    .flatMap((chunk) => parse(chunk, source.name))
    .flatMap((one) => {
      if (!("kind" in one) || (one.kind !== "ConfigMap" && one.kind !== "Secret")) return [];
      const { kind, name, namespace = "default", object } = one;
      const named: ObjectName = { kind, name, namespace };
      return dataSources(object, named).map((part) => ({ ...part, name: `${source.name}, ${part.name}` }));
    });
  return parts.length === 0 ? [source] : parts;
}
