import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeArchive } from "./archive.ts";
import { type Artefact, artefactOf } from "./artefact.ts";
import type { Parts } from "./bundle.ts";
import { compileParts } from "./compile-parts.ts";
import { buildExecutable } from "./executable.ts";
import { archiveOf, nameOf, type Platform, programOf } from "./platforms.ts";
import type { ReleaseOptions } from "./release.ts";

export interface PluginArchive extends Artefact {
  readonly platform: Platform;
}

const home = join(import.meta.dirname, "..");

/** The plugin as one program for each platform, each in an archive beside its licences. */
export async function writePluginArchives(
  options: ReleaseOptions,
  parts: Parts,
  licences: string,
): Promise<PluginArchive[]> {
  const { to, work, native, at, tell, node } = options;
  const builder = await node(native);
  tell(`what V8 makes of them, for ${nameOf(native)}`);
  const compiled = await compileParts(builder.program, parts, work);
  const archives: PluginArchive[] = [];
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
      ...artefactOf(file),
      ...{ platform, program: { file: program, bytes: statSync(program).size } },
    });
  }
  return archives;
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
