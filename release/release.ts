import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { bundleGuard } from "../webhook/build.ts";
import { type Artefact, artefactOf } from "./artefact.ts";
import { bundleParts } from "./bundle.ts";
import { writeChartPackage } from "./chart-package.ts";
import { type Node, nodeVersion } from "./fetch-node.ts";
import { guardManifest } from "./guard-manifest.ts";
import type { Image } from "./image.ts";
import { krewManifest } from "./krew-manifest.ts";
import { licenceTexts, packagesOf } from "./packages.ts";
import { type Platform, platforms } from "./platforms.ts";
import { writePluginArchives } from "./plugin-archives.ts";
import { writeSbom } from "./sbom.ts";

export interface ReleaseOptions {
  /** Emptied first; the artefacts are in it afterwards, and nothing else. */
  readonly to: string;
  /** For what is needed meanwhile. */
  readonly work: string;
  readonly platforms: readonly Platform[];
  /** The one that runs here. */
  readonly native: Platform;
  node(platform: Platform): Promise<Node>;
  /** Writes the image into the folder of artefacts; undefined where it could not, or it is not asked for. */
  image?(): Promise<Image | undefined>;
  /** Where the archives will be downloaded from. */
  readonly baseUrl: string;
  readonly commit: string;
  /** The commit's time, which everything is of. */
  readonly at: Date;
  tell(what: string): void;
}

const home = join(import.meta.dirname, "..");
const manifests = join(home, "manifests");
const { version } = manifest;

/**
 * Builds what a release consists of: of the plugin an archive for each
 * platform, and krew's manifest where all of them are built; of the guard the
 * chart, the plain manifests and the image; and of both checksums, SBOM and
 * licences. The same commit, Node and bases of the image give the same bytes.
 */
export async function release(options: ReleaseOptions): Promise<Artefact[]> {
  const { to, work, commit, at, tell } = options;
  for (const folder of [to, work]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const write = (name: string, text: string): Artefact => {
    writeFileSync(join(to, name), text);
    return artefactOf(join(to, name));
  };
  tell("the program, in parts");
  const parts = await bundleParts(work);
  const plugin = packagesOf(parts.inputs, home);
  const guard = (await bundleGuard(join(work, "guard"))).flatMap(({ inputs }) => inputs);
  const packages = packagesOf([...parts.inputs, ...guard], home);
  const node = { version: nodeVersion, licence: await licenceOf(options) };
  const licences = write("THIRD_PARTY_LICENSES", licenceTexts(packages, node));
  const archives = await writePluginArchives(options, parts, join(to, licences.name));

  tell("chart and manifests");
  const chart = await writeChartPackage(version, { folder: join(manifests, "chart"), to, at, work });
  const deployed = [
    artefactOf(join(to, chart)),
    write("linkerd-certs-guard.yaml", guardManifest(join(manifests, "guard"), version)),
  ];
  const image = await options.image?.();
  const images = image === undefined ? [] : [artefactOf(join(to, image.name))];

  const all = platforms.every((platform) => options.platforms.includes(platform));
  const krew = all ? [write("linkerd-certs.yaml", krewManifest(version, options.baseUrl, archives))] : [];
  const files = [
    ...archives.map((one) => ({ ...one, packages: plugin })),
    ...[...deployed, ...krew],
    ...images.map((one) => ({ ...one, packages, bases: image?.bases ?? [] })),
  ];
  const sbom = write(
    "linkerd-certs.cdx.json",
    writeSbom({ version, commit, at, node: nodeVersion, packages, files }),
  );
  const artefacts = [...archives, ...deployed, ...images, ...krew, sbom, licences];
  const sums = artefacts.map(({ sha256, name }) => `${sha256}  ${name}\n`).join("");
  return [...artefacts, write("SHA256SUMS", sums)];
}

async function licenceOf({ native, platforms: asked, node }: ReleaseOptions): Promise<string> {
  for (const platform of [native, ...asked]) {
    const { licence } = await node(platform);
    if (licence !== undefined) return licence;
  }
  throw new Error("no package of Node came with its licence");
}
