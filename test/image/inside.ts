import type { Built } from "./engine.ts";

// As a container is started under the restricted standard, but for the network, which is this machine's: the root
// cannot be written, the user is nobody, and there is nothing of this machine's but /dev, /proc and one folder.
const script = `
root=$1 folder=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,ro,bind "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$folder" "$root/run"
exec chroot --userspec=65532:65532 --groups= "$root" "$@"
`;

/** A program and its arguments that run this in the image; the folder is /run there, and can be read by anybody. */
export function inside(
  { root, config }: Built,
  folder: string,
  command: readonly string[],
): readonly [program: string, args: readonly string[]] {
  const start = ["unshare", "--mount", "/bin/sh", "-ec", script, "sh", root, folder];
  return [
    "env",
    ["-i", ...config.Env, "PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin", ...start, ...command],
  ];
}
