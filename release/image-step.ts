import { Failure } from "../cluster/failure.ts";
import { debianBases } from "./debian-bases.ts";
import { findEngine } from "./engine.ts";
import { buildImage, type Image, type ImageOptions } from "./image.ts";
import type { Platform } from "./platforms.ts";
import type { ReleaseOptions } from "./release.ts";

export interface ImageStep {
  /** For ReleaseOptions. */
  image(): Promise<Image | undefined>;
  /** Why there is no image; undefined where there is one, or none was asked for. */
  missing(): Failure | undefined;
}

export interface ImageWishes
  extends Pick<ReleaseOptions, "to" | "work" | "commit" | "at" | "native" | "tell"> {
  readonly platforms: readonly Platform[];
  readonly version: string;
  /** False: it is made without. */
  readonly wanted: boolean;
  /** NAME=IMAGE, for the Dockerfile. */
  readonly words: readonly string[];
  /** Its bases are made of Debian's packages. */
  readonly debian: boolean;
  node(platform: Platform): Promise<{ readonly program: string }>;
  readonly authorities: string | undefined;
}

/**
 * The image as the last step of a release, which goes on without it: what kept
 * us from building it is told at once, and kept for the end.
 */
export function imageStep(wishes: ImageWishes): ImageStep {
  const platforms = wishes.platforms.filter(({ os }) => os === "linux");
  const engine = wishes.wanted && platforms.length > 0 ? findEngine() : undefined;
  let missing: Failure | undefined;
  const miss = (failure: Failure) => {
    missing = failure;
    wishes.tell(`there will be no image: ${failure.message}`);
    return undefined;
  };
  if (wishes.wanted && platforms.length > 0 && engine === undefined)
    miss(new Failure("neither buildah nor podman is here to build it", `Install one of them, ${orWithout}`));

  return {
    async image() {
      if (engine === undefined) return undefined;
      wishes.tell(`the image, by ${engine.program}`);
      try {
        return await buildImage({ ...wishes, engine, platforms, bases: await basesFor(engine) });
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        wishes.tell(error.hint);
        return miss(new Failure(error.message, elsewhere, { cause: error }));
      }
    },
    missing: () => missing,
  };

  async function basesFor(engine: ImageOptions["engine"]): Promise<ImageOptions["bases"]> {
    const words = Object.fromEntries(wishes.words.map((word) => word.split(/=(.*)/s, 2)));
    if (!wishes.debian) return () => words;
    if (engine.program !== "buildah")
      throw new Failure("--debian-bases needs buildah", "It has commands that podman has not.");
    const { native, work, at, authorities } = wishes;
    const programs = new Map<string, string>();
    for (const platform of [native, ...platforms])
      programs.set(platform.node, (await wishes.node(platform)).program);
    const node = (platform: Platform) => programs.get(platform.node) ?? "";
    const made = debianBases({ engine, work, at, native, node, authorities });
    return (platform) => ({ ...made(platform), ...words });
  }
}

const orWithout = "or say --without image.";
const elsewhere = `Where the images that it is built on cannot be had, name others by --base RUNTIME_IMAGE=… and the like, let them be made of Debian's packages by --debian-bases, ${orWithout}`;
