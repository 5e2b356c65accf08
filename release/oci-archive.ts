import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, writeArchive } from "./archive.ts";

/** An image for one machine, as a folder in the OCI's layout, of which it is the only one. */
export interface Layout {
  readonly folder: string;
  readonly os: string;
  readonly architecture: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What a manifest says, as far as it is of interest here. */
export interface ImageManifest {
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Writes one OCI archive of images for several machines: an index that has one
 * name, and in it an image for each. The same images give the same bytes.
 */
export async function writeOciArchive(
  to: string,
  layouts: readonly Layout[],
  { name, at, folder }: { readonly name: string; readonly at: Date; readonly folder: string },
): Promise<void> {
  const manifests = layouts.map(({ folder: at, os, architecture }) => {
    const { mediaType, digest, size } = onlyOne(at);
    return { mediaType, digest, size, platform: { architecture, os } };
  });
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  const digest = `sha256:${createHash("sha256").update(index).digest("hex")}`;
  const annotations = { "org.opencontainers.image.ref.name": name };
  const top = { mediaType: indexType, digest, size: index.length, annotations };
  const own = join(folder, "index");
  mkdirSync(join(own, "blobs", "sha256"), { recursive: true });
  writeFileSync(blobOf(own, digest), index);
  writeFileSync(join(own, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [top] }));
  writeFileSync(join(own, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const blobs = new Map(
    [...layouts.map((one) => one.folder), own].flatMap((layout) =>
      readdirSync(join(layout, "blobs", "sha256")).map((file): [string, Entry] => {
        const path = `blobs/sha256/${file}`;
        return [file, { name: path, from: join(layout, path) }];
      }),
    ),
  );
  const heads = ["oci-layout", "index.json"].map((file) => ({ name: file, from: join(own, file) }));
  const sorted = [...blobs].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
  await writeArchive(to, [...heads, ...sorted], { at, folder });
}

const indexType = "application/vnd.oci.image.index.v1+json";

/** The manifest of the only image in a layout. */
export function readManifest(layout: string): ImageManifest {
  return JSON.parse(readFileSync(blobOf(layout, onlyOne(layout).digest), "utf8"));
}

function onlyOne(layout: string): Descriptor {
  const index: { manifests: Descriptor[] } = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const [first, ...others] = index.manifests;
  if (first === undefined || others.length > 0 || !existsSync(blobOf(layout, first.digest)))
    throw new Error(`${layout} is not one image`);
  return first;
}

const blobOf = (layout: string, digest: string) => join(layout, "blobs", ...digest.split(":"));
