import { findPrivateKeys } from "../../trust/x509/index.ts";
import type { World } from "../world.ts";
import { notText, readFiles } from "./files.ts";
import type { Manifest, Place, Unreadable } from "./manifest.ts";
import { parse } from "./parse.ts";
import { type Chunk, split } from "./split.ts";

/** What was found in files. */
export interface Reading {
  readonly files: number;
  /** In the order in which kubectl would apply them. */
  readonly manifests: readonly Manifest[];
  readonly unreadable: readonly Unreadable[];
  /** Documents of long files in which nothing concerns Linkerd's trust: they were not taken apart. */
  readonly passedOver: number;
  /** Manifests whose text holds what looks like a private key. */
  readonly suspects: readonly Manifest[];
  /** Private keys that stand in the text itself, and not in an object of which more is known. */
  readonly looseKeys: readonly LooseKey[];
}

export interface LooseKey {
  readonly place: Place;
  /** "an EC private key" */
  readonly what: string;
}

/** From here on only what concerns Linkerd's trust is taken apart: the rest of fifty megabytes can wait. */
const longFile = 1024 * 1024;

const cutOff = "the list does not end: it was cut off";

const concerns =
  /linkerd-identity-|linkerd-config|\bkind["']?\s*:\s*["']?(?:Secret|Certificate|Issuer|ClusterIssuer|Bundle|ClusterBundle|Namespace)\b/;

/** Reads files, folders and standard input ("-"). Nothing in them makes it throw; a file that cannot be read is a Failure. */
export async function readManifests(
  names: readonly string[],
  world: Pick<World, "cwd" | "stdin">,
  recursive = false,
): Promise<Reading> {
  let files = 0;
  const manifests: Manifest[] = [];
  const unreadable: Unreadable[] = [];
  let passedOver = 0;
  const suspects: Manifest[] = [];
  const looseKeys: LooseKey[] = [];
  for await (const { file, bytes } of readFiles(names, world, recursive)) {
    files++;
    const why = notText(bytes);
    if (why !== undefined) unreadable.push({ place: { file, line: 1 }, message: why });
    const text = why === undefined ? bytes.toString("utf8") : "";
    const chunks = [...split(text)];
    for (const chunk of chunks) {
      if (chunk.cut) unreadable.push({ place: { file, line: chunk.line }, message: cutOff });
      const keys = findPrivateKeys(chunk.text);
      // What was cut off shows in the last one.
      const last = chunk === chunks.at(-1);
      const worth = text.length < longFile || last || keys.length > 0 || concerns.test(chunk.text);
      if (!worth) passedOver++;
      const objects: Manifest[] = [];
      for (const one of worth && !chunk.cut ? parse(chunk, file) : []) {
        if ("message" in one) unreadable.push(one);
        else objects.push(one);
      }
      manifests.push(...objects);
      if (keys.length > 0) suspects.push(...objects);
      if (objects.length === 0) looseKeys.push(...keys.map((key) => loose(key, chunk, file)));
    }
  }
  return { files, manifests, unreadable, passedOver, suspects, looseKeys };
}

function loose(found: string, chunk: Chunk, file: string): LooseKey {
  const [, what = found, line = "1"] = /^(.*) on line (\d+)$/.exec(found) ?? [];
  return { what, place: { file, line: chunk.line + Number(line) - 1 } };
}
