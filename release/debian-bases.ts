import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Engine, engineRuns, runProgram } from "./engine.ts";
import type { Platform } from "./platforms.ts";

export interface DebianBases {
  readonly engine: Engine;
  /** For what is needed meanwhile. */
  readonly work: string;
  readonly at: Date;
  /** Node's own binary for a platform. */
  node(platform: Platform): string;
  /** The machine that this is. */
  readonly native: Platform;
  /** Whom npm has to trust to reach its registry, where that is not the public ones. */
  readonly authorities: string | undefined;
}

const debian = "trixie";

/**
 * Makes the images that the Dockerfile builds on from Debian's packages, as
 * like the published ones as can be, where those cannot be had: no registry of
 * images is asked. Needs mmdebstrap and root; gives back, for a platform, the
 * Dockerfile's words for them.
 */
export function debianBases(options: DebianBases): (platform: Platform) => Readonly<Record<string, string>> {
  const { native, node, authorities } = options;
  const made = new Map<string, Readonly<Record<string, string>>>();
  const build = once(() =>
    base("build", native, ["minbase", "libatomic1", "ca-certificates"], options, (root) =>
      addNpm(root, node(native), authorities),
    ),
  );
  const make = (platform: Platform) => {
    const { arch } = platform;
    const nodes = base(`node-${arch}`, platform, ["extract", "base-files", "libatomic1"], options, (root) =>
      addNode(root, node(platform)),
    );
    const needs = ["extract", "base-files", "libc6", "libgcc-s1", "libstdc++6", "tzdata"];
    const runtime = base(`runtime-${arch}`, platform, needs, options, noPrograms);
    return { BUILD_IMAGE: build(), NODE_IMAGE: nodes, RUNTIME_IMAGE: runtime };
  };
  return (platform) => {
    const words = made.get(platform.arch) ?? make(platform);
    made.set(platform.arch, words);
    return words;
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function base(
  name: string,
  { arch }: Platform,
  [variant = "", ...packages]: readonly string[],
  { engine, work, at }: DebianBases,
  finish: (root: string) => string[],
): string {
  const image = `localhost/linkerd-certs-${name}`;
  const root = join(work, name);
  rmSync(root, { recursive: true, force: true });
  const seconds = String(at.getTime() / 1000);
  const words = [`--variant=${variant}`, `--architectures=${arch}`, `--include=${packages.join()}`];
  runProgram("mmdebstrap", [...words, debian, root], { SOURCE_DATE_EPOCH: seconds });
  // Whoever builds it, everybody may read it.
  const mask = process.umask(0o022);
  const environment = finish(root);
  process.umask(mask);
  const machine = ["--arch", arch, ...(arch === "arm64" ? ["--variant", "v8"] : [])];
  const container = engineRuns(engine, "from", ...machine, "scratch");
  engineRuns(engine, "add", "--quiet", container, root, "/");
  for (const one of ["PATH=/usr/local/bin:/usr/bin:/bin", ...environment])
    engineRuns(engine, "config", "--env", one, container);
  engineRuns(engine, "config", ...machine, container);
  const still = ["--timestamp", seconds, "--identity-label=false"];
  engineRuns(engine, ...["commit", "--quiet", "--rm", ...still, container, image]);
  rmSync(root, { recursive: true, force: true });
  return image;
}

function addNode(root: string, node: string): string[] {
  mkdirSync(join(root, "usr", "local", "bin"), { recursive: true });
  cpSync(node, join(root, "usr", "local", "bin", "node"));
  const licence = join(dirname(node), "..", "LICENSE");
  if (existsSync(licence)) cpSync(licence, join(root, "usr", "local", "LICENSE"));
  return [];
}

/** Node, this machine's npm, and whom that must trust. */
function addNpm(root: string, node: string, authorities: string | undefined): string[] {
  addNode(root, node);
  const local = join(root, "usr", "local");
  const npm = join(dirname(runProgram("sh", ["-c", 'readlink -f "$(command -v npm)"'])), "..");
  cpSync(npm, join(local, "lib", "npm"), { recursive: true });
  symlinkSync("../lib/npm/bin/npm-cli.js", join(local, "bin", "npm"));
  if (authorities === undefined) return [];
  mkdirSync(join(local, "share"), { recursive: true });
  cpSync(authorities, join(local, "share", "authorities.crt"));
  return ["NODE_EXTRA_CA_CERTS=/usr/local/share/authorities.crt"];
}

function noPrograms(root: string): string[] {
  for (const folder of ["bin", "sbin", "share/doc", "share/debconf", "share/man"])
    rmSync(join(root, "usr", folder), { recursive: true, force: true });
  for (const folder of ["bin", "sbin"]) mkdirSync(join(root, "usr", folder));
  for (const one of ["update-motd.d", "hostname", "resolv.conf"])
    rmSync(join(root, "etc", one), { recursive: true, force: true });
  return [];
}
