import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { cacheFolder } from "../../release/cache-folder.ts";
import { debianBases } from "../../release/debian-bases.ts";
import { type Engine, engineRuns } from "../../release/engine.ts";
import { fetchNode } from "../../release/fetch-node.ts";
import { buildImage as buildReleased, type Image } from "../../release/image.ts";
import { nativePlatform, type Platform, platforms } from "../../release/platforms.ts";

/** The image as it is released, built without a daemon and without a registry of images. */
export interface Built {
  /** The OCI archive of all machines. */
  readonly archive: string;
  readonly image: Image;
  /** Of this machine: its files. */
  readonly root: string;
  readonly config: ImageConfig;
  /** Compressed, as it would be pulled. */
  readonly bytes: number;
  /** Another one of the same bases, in another folder. */
  again(): Promise<string>;
  end(): void;
}

export interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

export const commit = "0123456789ab";
export const { version } = manifest;
/** The machines that it is built for. */
export const machines: readonly Platform[] = platforms.filter(({ os }) => os === "linux");

/** Why the image cannot be built here, or false. It needs the registries of Debian and npm, so it must be asked for. */
export const skip: string | false =
  process.env["LINKERD_CERTS_IMAGE"] === undefined
    ? "builds an image where LINKERD_CERTS_IMAGE is set"
    : (process.getuid?.() !== 0 && "needs root") ||
      (!runs("buildah") && "needs buildah") ||
      (!runs("mmdebstrap") && "needs mmdebstrap");

/** Builds it on bases made of Debian's packages, as like the published ones as can be. */
export async function buildImage(): Promise<Built> {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-image-"));
  const store = ["--root", join(dir, "store"), "--runroot", join(dir, "run"), "--storage-driver", "vfs"];
  const engine: Engine = { program: "buildah", words: store };
  const end = () => {
    engineRuns(engine, "rm", "--all");
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const bases = await basesIn(dir, engine);
    const build = async (to: string) => {
      const work = join(dir, `${to}-work`);
      for (const folder of [join(dir, to), work]) mkdirSync(folder);
      const built = { engine, to: join(dir, to), work, version, commit, at, native: native(), bases };
      const image = await buildReleased({ ...built, platforms: machines });
      return { image, archive: join(dir, to, image.name) };
    };
    const { image, archive } = await build("first");
    return {
      image,
      archive,
      ...unpacked(engine, dir, archive),
      end,
      again: async () => (await build("again")).archive,
    };
  } catch (error) {
    end();
    throw error;
  }
}

const at = new Date("2026-08-26T10:20:30Z");

async function basesIn(work: string, engine: Engine): Promise<ReturnType<typeof debianBases>> {
  const programs = new Map<Platform, string>();
  for (const machine of machines)
    programs.set(machine, (await fetchNode(machine, cacheFolder(process.env))).program);
  const node = (platform: Platform) => programs.get(platform) ?? "";
  const authorities = process.env["NODE_EXTRA_CA_CERTS"];
  return debianBases({ engine, work, at, native: native(), node, authorities });
}

/** As whoever pulls it gets it: the one of this machine is taken from the archive. */
function unpacked(engine: Engine, dir: string, archive: string): Pick<Built, "root" | "config" | "bytes"> {
  const pulled = engineRuns(engine, "pull", "--quiet", `oci-archive:${archive}`);
  const described = JSON.parse(engineRuns(engine, "inspect", "--type", "image", pulled)) as {
    Docker: { config: ImageConfig };
  };
  const container = engineRuns(engine, "from", "--pull-never", pulled);
  engineRuns(engine, "push", "--quiet", pulled, `oci:${join(dir, "oci")}`);
  const root = engineRuns(engine, "mount", container);
  return { root, config: described.Docker.config, bytes: sizeOf(join(dir, "oci")) };
}

function sizeOf(layout: string): number {
  const blob = (digest: string) => join(layout, "blobs", ...digest.split(":"));
  const read = <T>(file: string) => JSON.parse(readFileSync(file, "utf8")) as T;
  const [only] = read<{ manifests: { digest: string }[] }>(join(layout, "index.json")).manifests;
  const { layers } = read<{ layers: { size: number }[] }>(blob(only?.digest ?? ""));
  return layers.reduce((sum, { size }) => sum + size, 0);
}

function native(): Platform {
  const found = nativePlatform(process.platform, process.arch);
  if (found === undefined) throw new Error("no image is released for this machine");
  return found;
}

function runs(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}
