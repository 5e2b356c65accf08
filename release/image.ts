import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Engine, engineRuns } from "./engine.ts";
import { type Layout, readManifest, writeOciArchive } from "./oci-archive.ts";
import { nameOf, type Platform } from "./platforms.ts";
import type { Base } from "./sbom.ts";

export interface ImageOptions {
  readonly engine: Engine;
  readonly to: string;
  /** For what is needed meanwhile. */
  readonly work: string;
  readonly version: string;
  readonly commit: string;
  readonly at: Date;
  /** The one that this is. */
  readonly native: Platform;
  /** The machines that it is built for, all of them Linux. */
  readonly platforms: readonly Platform[];
  /** Other images in the place of those that the Dockerfile names, by its own words: RUNTIME_IMAGE and the like. */
  bases(platform: Platform): Readonly<Record<string, string>>;
}

export interface Image {
  /** Of the file. */
  readonly name: string;
  readonly bases: readonly Base[];
}

const home = join(import.meta.dirname, "..");

/**
 * Builds the Dockerfile for each machine and writes all of it as one OCI
 * archive. The same commit, engine and bases give the same bytes.
 */
export async function buildImage(options: ImageOptions): Promise<Image> {
  const { to, work, version, at, platforms } = options;
  const name = "linkerd-certs-image.tar";
  const folder = join(work, "image");
  mkdirSync(folder, { recursive: true });
  const layouts = platforms.map((platform) => buildFor(platform, options, join(folder, platform.arch)));
  await writeOciArchive(join(to, name), layouts, { name: `v${version}`, at, folder });
  const bases = new Map(
    layouts.map((layout): [string, Base] => {
      const { annotations: said = {} } = readManifest(layout.folder);
      const base = { name: said[`${base_}name`] ?? "unknown", digest: said[`${base_}digest`] };
      return [JSON.stringify(base), base];
    }),
  );
  return { name, bases: [...bases.values()] };
}

const base_ = "org.opencontainers.image.base.";

function buildFor(
  platform: Platform,
  { engine, version, commit, at, native, bases }: ImageOptions,
  folder: string,
): Layout {
  const { os, arch: architecture } = platform;
  const tag = `localhost/linkerd-certs-release:${architecture}`;
  // Not every buildah knows the two platforms by itself.
  const platforms = { BUILDPLATFORM: `linux/${native.arch}`, TARGETPLATFORM: nameOf(platform) };
  const told = { COMMIT: commit, ...platforms, ...bases(platform) };
  engineRuns(
    engine,
    ...["build", "--quiet", "--format", "oci", "--platform", nameOf(platform)],
    // What runs in it ran here before; so it can be built within a container, as most CI is.
    ...["--isolation", "chroot"],
    // Neither the hour nor the engine's own version is in it.
    ...["--timestamp", String(at.getTime() / 1000), "--identity-label=false", "--no-cache"],
    ...["--label", `org.opencontainers.image.version=${version}`],
    ...Object.entries(told).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...["--tag", tag, home],
  );
  engineRuns(engine, "push", "--quiet", tag, `oci:${folder}`);
  engineRuns(engine, "rmi", tag);
  return { folder, os, architecture };
}
