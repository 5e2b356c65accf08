import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { writeArchive } from "./archive.ts";
import { bundleParts } from "./bundle.ts";
import { licenceTexts, packagesOf } from "./bundled.ts";
import { compileParts } from "./compile-parts.ts";
import { buildExecutable } from "./executable.ts";
import { type Node, nodeVersion } from "./fetch-node.ts";
import { krewManifest } from "./krew-manifest.ts";
import { archiveOf, nameOf, type Platform, platforms, programOf } from "./platforms.ts";
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
  /** Where the archives will be downloaded from. */
  readonly baseUrl: string;
  readonly commit: string;
  /** The commit's time, which everything is of. */
  readonly at: Date;
  tell(what: string): void;
}

export interface Artefact {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Of the program in an archive. */
  readonly program?: { readonly file: string; readonly bytes: number };
}

const home = join(import.meta.dirname, "..");

/**
 * Builds what a release of the plugin consists of: an archive for each
 * platform, krew's manifest where all of them are built, checksums, SBOM and
 * licences. The same commit and Node give the same bytes.
 */
export async function release(options: ReleaseOptions): Promise<Artefact[]> {
  const { to, work, native, commit, at, tell, node } = options;
  for (const folder of [to, work]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  tell("the program, in parts");
  const parts = await bundleParts(work);
  const builder = await node(native);
  tell(`what V8 makes of them, for ${nameOf(native)}`);
  const compiled = await compileParts(builder.program, parts, work);

  const packages = packagesOf(parts.inputs, home);
  const licences = join(to, "THIRD_PARTY_LICENSES");
  writeFileSync(
    licences,
    licenceTexts(packages, { version: nodeVersion, licence: await licenceOf(options, builder) }),
  );

  const archives: (Artefact & { readonly platform: Platform })[] = [];
  for (const platform of options.platforms) {
    tell(nameOf(platform));
    const inside = await node(platform);
    const folder = join(work, archiveOf(platform));
    mkdirSync(folder);
    const program = join(folder, programOf(platform));
    const made = { folder: join(work, "compiled"), names: platform === native ? compiled : [] };
    const ingredients = { platform, parts, compiled: made, node: inside.program, builder: builder.program };
    await buildExecutable(ingredients, folder, program);
    const file = join(to, archiveOf(platform));
    await writeArchive(file, entriesOf(platform, program, licences), { at, folder });
    archives.push({
      ...artefact(file),
      ...{ platform, program: { file: program, bytes: statSync(program).size } },
    });
  }

  const { version } = manifest;
  const files = archives.map(({ name, sha256 }) => ({ name, sha256 }));
  writeFileSync(
    join(to, "linkerd-certs.cdx.json"),
    writeSbom({ version, commit, at, node: nodeVersion, packages, files }),
  );
  const all = platforms.every((platform) => options.platforms.includes(platform));
  if (all) writeFileSync(join(to, "linkerd-certs.yaml"), krewManifest(version, options.baseUrl, archives));
  const others = ["THIRD_PARTY_LICENSES", "linkerd-certs.cdx.json", ...(all ? ["linkerd-certs.yaml"] : [])];
  const artefacts: Artefact[] = [...archives, ...others.map((name) => artefact(join(to, name)))];
  const sums = join(to, "SHA256SUMS");
  writeFileSync(sums, artefacts.map(({ sha256, name }) => `${sha256}  ${name}\n`).join(""));
  return [...artefacts, artefact(sums)];
}

/** Windows has no shell that could run the completion's program. */
function entriesOf(platform: Platform, program: string, licences: string) {
  const completion = "kubectl_complete-linkerd_certs";
  return [
    { name: programOf(platform), from: program, executable: true },
    ...(platform.os === "windows"
      ? []
      : [{ name: completion, from: join(home, "plugin", completion), executable: true }]),
    { name: "LICENSE", from: join(home, "LICENSE") },
    { name: "THIRD_PARTY_LICENSES", from: licences },
  ];
}

async function licenceOf({ platforms: asked, node }: ReleaseOptions, builder: Node): Promise<string> {
  const nodes = [builder, ...(await Promise.all(asked.map(node)))];
  const found = nodes.find(({ licence }) => licence !== undefined)?.licence;
  if (found === undefined) throw new Error("no package of Node came with its licence");
  return found;
}

function artefact(file: string): Artefact {
  const bytes = readFileSync(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name: file.replace(/^.*[/\\]/, ""), bytes: bytes.length, sha256 };
}
