import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../plugin/commands/index.ts";
import { parse } from "../../plugin/parse.ts";
import { home, readPage } from "./pages.ts";

/** What the pages may tell people to run, besides what is judged here. */
export const programs: readonly string[] = [
  ...["kubectl", "linkerd-certs", "kubectl-linkerd_certs", "linkerd-certs-webhook", "linkerd"],
  ...["helm", "npm", "npx", "node", "git", "docker", "buildah", "cosign", "cmctl", "step", "openssl", "jq"],
  ...["awk", "base64", "cat", "chmod", "cp", "curl", "date", "diff", "grep", "head", "less", "ln", "ls"],
  ...["mkdir", "mv", "rm", "sed", "sha256sum", "shasum", "sleep", "sort", "tail", "tar", "tee", "tr"],
  ...["apt", "dnf", "xattr", "codesign", "install", "qemu-aarch64", "skopeo"],
];

const plugins = ["linkerd-certs", "argo", "krew"];

/** Why this cannot be run as it stands; undefined where nothing is known against it. */
export function wrongWith([program = "", ...words]: readonly string[]): string | undefined {
  const missing = words.find((word) => /^(\.\/)?manifests(\/|$)/.test(word) && !existsSync(join(home, word)));
  // An example's own folder of manifests is not ours.
  if (missing !== undefined && missing.replace(/\/$/, "") !== "manifests") return `there is no ${missing}`;
  if (program === "kubectl" && words[0]?.startsWith("-")) {
    const first = words[words[0].includes("=") ? 1 : 2] ?? "";
    if (plugins.includes(first)) return "kubectl takes no flag before a plugin's name";
  }
  if (program === "kubectl" && words[0] === "linkerd-certs") return wrongWithOurs(words.slice(1));
  if (program === "npx" && words[0] === "kubectl-linkerd_certs") return wrongWithOurs(words.slice(1));
  if (program === "linkerd-certs" || program === "kubectl-linkerd_certs") return wrongWithOurs(words);
  if (program === "helm") return wrongWithHelm(words);
  return program === "npm" ? wrongWithNpm(words) : undefined;
}

/** By the parser that the plugin itself uses. */
function wrongWithOurs(words: readonly string[]): string | undefined {
  if (words.length === 0 || words[0] === "help" || words[0]?.startsWith("-")) return undefined;
  for (const length of [2, 1]) {
    const command = commands.find(({ name }) => name === words.slice(0, length).join(" "));
    if (command === undefined) continue;
    try {
      parse(command, words.slice(length));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return `there is no command ${words.slice(0, 2).join(" ")}`;
}

const schema = JSON.parse(readPage("manifests/chart/values.schema.json")) as Schema;

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

function wrongWithHelm(words: readonly string[]): string | undefined {
  if (!words.includes("manifests/chart")) return undefined;
  const set = words.flatMap((word, at) =>
    /^--set(-string|-file|-json)?$/.test(word) ? [words[at + 1] ?? ""] : [],
  );
  const [unknown] = set.map((one) => one.split("=")[0] ?? "").filter((name) => !isValue(name.split(".")));
  return unknown === undefined ? undefined : `the chart takes no value ${unknown}`;
}

function isValue([first, ...rest]: readonly string[], at: Schema = schema): boolean {
  if (first === undefined) return true;
  const below = at.properties?.[first];
  if (below !== undefined) return isValue(rest, below);
  // Free names: labels, annotations. What lies below an open object is Kubernetes' business.
  return at.additionalProperties !== false && at.additionalProperties !== undefined;
}

const { scripts } = JSON.parse(readPage("package.json")) as { scripts: Record<string, string> };

function wrongWithNpm([verb = "", ...words]: readonly string[]): string | undefined {
  if (verb === "run") return (words[0] ?? "") in scripts ? undefined : `there is no script ${words[0]}`;
  if (verb !== "test") return undefined;
  const files = globSync("test/**/*.test.ts", { cwd: home });
  const nobody = words
    .filter((word) => !word.startsWith("-"))
    .find((word) => !files.some((f) => f.includes(word)));
  return nobody === undefined ? undefined : `no test has ${nobody} in its path`;
}
