import type { ControlPlane } from "../cluster/control-plane.ts";

/** All that is in the cluster, a line each, but for Events, which end by themselves. */
export async function inventory(cp: ControlPlane): Promise<readonly string[]> {
  const kinds = (await must(cp, ["api-resources", "--verbs=list", "-o", "name"]))
    .split("\n")
    .filter((kind) => kind !== "" && !/^(events(\..*)?|componentstatuses)$/.test(kind));
  const columns = "custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name";
  const text = await must(cp, ["get", kinds.join(","), "-A", "--no-headers", "-o", columns]);
  return [...new Set(text.trim().split("\n"))].map((line) => line.replace(/\s+/g, " ").trim()).sort();
}

async function must(cp: ControlPlane, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cp.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  return stdout;
}
