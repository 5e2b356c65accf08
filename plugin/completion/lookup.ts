import { readFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import type { World } from "../world.ts";
import type { Lookup } from "./complete.ts";

/** Nobody waits longer for a tab. */
const patienceMs = 2_000;

/** Looks up what completes the words. What cannot be looked up is left out: nobody can read an error there. */
export function lookupIn(world: World, words: readonly string[]): Lookup {
  const kubeconfig = wordAfter("--kubeconfig", words);
  const context = wordAfter("--context", words);
  const names = async (list: NamedList) => {
    const read = await Promise.all(kubeconfigFiles(world, kubeconfig).map((file) => namesIn(file, list)));
    return [...new Set(read.flat())].sort();
  };
  return {
    contexts: () => names("contexts"),
    clusters: () => names("clusters"),
    users: () => names("users"),
    async namespaces() {
      try {
        const cluster = await world.connect({
          timeoutMs: patienceMs,
          interactive: false,
          ...(kubeconfig === undefined ? {} : { kubeconfig }),
          ...(context === undefined ? {} : { context }),
        });
        const { readAll } = await import("../../cluster/read.ts");
        const project = (object: unknown) => (object as { metadata?: { name?: string } }).metadata?.name; // meta/v1 ObjectMeta
        const names = await readAll(cluster, "/api/v1/namespaces", { project, timeoutMs: patienceMs });
        cluster.close();
        return names.sort();
      } catch {
        return [];
      }
    },
    async rules() {
      const { knownRules } = await import("../known-rules.ts");
      return knownRules.map(({ id, summary }) => ({ value: id, about: summary }));
    },
  };
}

function wordAfter(flag: string, words: readonly string[]): string | undefined {
  const at = words.lastIndexOf(flag);
  if (at !== -1 && at < words.length - 2) return words[words[at + 1] === "=" ? at + 2 : at + 1];
  return words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
}

function kubeconfigFiles({ env, cwd }: World, named: string | undefined): string[] {
  if (named) return [resolve(cwd, named)];
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  if (listed.length > 0) return listed.map((file) => resolve(cwd, file));
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home === undefined ? [] : [join(home, ".kube", "config")];
}

type NamedList = "contexts" | "clusters" | "users";

// The Kubernetes client would take longer to load than the user waits.
async function namesIn(file: string, list: NamedList): Promise<string[]> {
  try {
    const { parse } = await import("yaml");
    const config: unknown = parse(await readFile(file, "utf8"), { logLevel: "silent" });
    const named = (config as { [K in NamedList]?: readonly { readonly name?: unknown }[] })[list] ?? []; // kubeconfig/v1
    return named.map(({ name }) => name).filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}
