import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { list } from "tar";
import type { ManifestPlatform } from "./krew-rules.ts";

interface Inside {
  readonly path: string;
  readonly type: string;
  /** Undefined in a zip, where krew looks at no mode. */
  readonly mode: number | undefined;
}

/** What krew would refuse in an archive that a manifest's entry is for: nothing, or a sentence for each. */
export async function archiveProblems(file: string, entry: ManifestPlatform): Promise<string[]> {
  const bytes = readFileSync(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const inside = await contents(file, bytes);
  if (inside === undefined) return ["it is neither a .tar.gz nor a .zip, by its first bytes"];
  const program = inside.find(({ path }) => path === entry.bin);
  return [
    ...(sha256 === entry.sha256 ? [] : ["its SHA-256 is not the manifest's"]),
    ...inside.flatMap(({ path, type }) =>
      type === "File" || type === "Directory" ? [] : [`${path} is a ${type}; krew unpacks files only`],
    ),
    ...inside.flatMap(({ path }) =>
      path.startsWith("/") || path.split("/").includes("..") ? [`${path} leads outside`] : [],
    ),
    ...(inside.some(({ path }) => licence.test(path)) ? [] : ["there is no licence in it"]),
    ...(program === undefined ? [`${entry.bin} is not in it`] : []),
    ...(program?.mode !== undefined && (program.mode & 0o111) !== 0o111
      ? [`${entry.bin} may not be run by everybody`]
      : []),
  ];
}

// krew: cmd/validate-krew-manifest.
const licence = /^(licen[cs]e|licenses|copying)(\.txt|\.md)?$/i;

// By the first bytes, as krew: no name counts.
async function contents(file: string, bytes: Buffer): Promise<Inside[] | undefined> {
  if (bytes.subarray(0, 4).toString("latin1") === "PK\x03\x04")
    return Object.keys(unzipSync(bytes)).map((path) => ({ path, type: "File", mode: undefined }));
  if (bytes.readUInt16BE(0) !== 0x1f8b) return undefined;
  const inside: Inside[] = [];
  await list({
    file,
    onReadEntry: ({ path, type, mode }) => {
      inside.push({ path: path.replace(/^\.\//, ""), type, mode });
    },
  });
  return inside;
}
