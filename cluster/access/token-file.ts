import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/**
 * The file that a kubeconfig's user has its token in. Looked for here, because
 * client-node knows it only under a key that kubectl does not use, and reads
 * it once; such tokens rotate.
 */
export function tokenFileOf(user: string | undefined, kubeconfig: string | undefined): string | undefined {
  const listed = kubeconfig ?? (process.env["KUBECONFIG"] || join(homedir(), ".kube", "config"));
  for (const file of listed.split(delimiter)) {
    const named = usersIn(file).find((one) => one.name === user)?.user?.tokenFile;
    if (named) return resolve(dirname(file), named);
  }
  return undefined;
}

interface NamedUser {
  readonly name?: string;
  readonly user?: { readonly tokenFile?: string };
}

function usersIn(file: string): readonly NamedUser[] {
  try {
    const text = readFileSync(file, "utf8");
    if (!text.includes("tokenFile")) return []; // most do not: spares loading the YAML library
    const config = parse(text) as { users?: NamedUser[] } | null; // kubeconfig/v1
    return config?.users ?? [];
  } catch {
    return []; // client-node has read the same files and said what is wrong with them
  }
}
