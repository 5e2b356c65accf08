import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** An image, built from the Dockerfile without a daemon and without a registry of images. */
export interface Built {
  /** Its files. */
  readonly root: string;
  readonly config: ImageConfig;
  /** Compressed, as it would be pulled. */
  readonly bytes: number;
  end(): void;
}

export interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

const home = join(import.meta.dirname, "..", "..");
const debian = "trixie";

/** Why the image cannot be built here, or false. It needs the registries of Debian and npm, so it must be asked for. */
export const skip: string | false =
  process.env["LINKERD_CERTS_IMAGE"] === undefined
    ? "builds an image where LINKERD_CERTS_IMAGE is set"
    : (process.getuid?.() !== 0 && "needs root") ||
      (!runs("buildah") && "needs buildah") ||
      (!runs("mmdebstrap") && "needs mmdebstrap");

/** Builds it on two bases made of Debian's packages and the project's own Node, as like the published ones as can be. */
export function buildImage(): Built {
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-image-"));
  const end = () => {
    buildah(dir, "rm", "--all");
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    base(dir, "build", "minbase", ["libatomic1", "ca-certificates"], addNode);
    base(dir, "runtime", "extract", ["base-files", "libc6", "libgcc-s1", "libstdc++6", "tzdata"], noPrograms);
    const bases = ["build", "runtime"].flatMap((name) => [
      "--build-arg",
      `${name.toUpperCase()}_IMAGE=localhost/${name}`,
    ]);
    const where = ["--isolation", "chroot", "--format", "docker", "--pull=never", ...bases];
    buildah(
      dir,
      "bud",
      "--quiet",
      "--build-arg",
      "COMMIT=4711",
      ...where,
      "-t",
      "localhost/linkerd-certs",
      home,
    );
    buildah(dir, "push", "--quiet", "localhost/linkerd-certs", `oci:${join(dir, "oci")}`);
    const described = JSON.parse(buildah(dir, "inspect", "--type", "image", "localhost/linkerd-certs")) as {
      Docker: { config: ImageConfig };
    };
    const container = buildah(dir, "from", "--pull=never", "localhost/linkerd-certs");
    const root = buildah(dir, "mount", container);
    return { root, config: described.Docker.config, bytes: sizeOf(join(dir, "oci")), end };
  } catch (error) {
    end();
    throw error;
  }
}

function base(
  dir: string,
  name: string,
  variant: string,
  packages: readonly string[],
  finish: (root: string) => string[],
) {
  const root = join(dir, name);
  run("mmdebstrap", [`--variant=${variant}`, `--include=${packages.join()}`, debian, root]);
  const environment = finish(root);
  const container = buildah(dir, "from", "scratch");
  buildah(dir, "add", "--quiet", container, root, "/");
  for (const one of ["PATH=/usr/local/bin:/usr/bin:/bin", ...environment])
    buildah(dir, "config", "--env", one, container);
  buildah(dir, "commit", "--quiet", container, `localhost/${name}`);
  buildah(dir, "rm", container);
}

/** This Node and this machine's npm, and whom that must trust to reach its registry. */
function addNode(root: string): string[] {
  const local = join(root, "usr", "local");
  cpSync(process.execPath, join(local, "bin", "node"));
  const npm = join(dirname(run("sh", ["-c", 'readlink -f "$(command -v npm)"'])), "..");
  cpSync(npm, join(local, "lib", "npm"), { recursive: true });
  symlinkSync("../lib/npm/bin/npm-cli.js", join(local, "bin", "npm"));
  const authorities = process.env["NODE_EXTRA_CA_CERTS"];
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

function buildah(dir: string, ...args: readonly string[]): string {
  const store = ["--root", join(dir, "store"), "--runroot", join(dir, "run"), "--storage-driver", "vfs"];
  return run("buildah", [...store, ...args]);
}

function sizeOf(layout: string): number {
  const blob = (digest: string) => join(layout, "blobs", ...digest.split(":"));
  const read = <T>(file: string) => JSON.parse(readFileSync(file, "utf8")) as T;
  const [manifest] = read<{ manifests: { digest: string }[] }>(join(layout, "index.json")).manifests;
  const { layers } = read<{ layers: { size: number }[] }>(blob(manifest?.digest ?? ""));
  return layers.reduce((sum, { size }) => sum + size, 0);
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr.slice(-4000)}`);
  return stdout.trim();
}

function runs(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}
