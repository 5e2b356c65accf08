import assert from "node:assert/strict";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";

/** All that is in the cluster, a line each, but for Events, which end by themselves. */
export async function inventory(cp: ControlPlane): Promise<readonly string[]> {
  const kinds = (await must(cp, ["api-resources", "--verbs=list", "-o", "name"]))
    .split("\n")
    .filter((kind) => kind !== "" && !/^(events(\..*)?|componentstatuses)$/.test(kind));
  const columns = "custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name";
  const text = await must(cp, ["get", kinds.join(","), "-A", "--no-headers", "-o", columns]);
  return [...new Set(text.trim().split("\n"))].map((line) => line.replace(/\s+/g, " ").trim()).sort();
}

/** Waits until all else is gone, and fails with what is not. */
export async function onlyLeft(cp: ControlPlane, expected: readonly string[]): Promise<void> {
  let left: readonly string[] = [];
  await eventually("nothing else is left", async () => {
    left = await inventory(cp);
    return left.length === expected.length;
  }).catch(() => {});
  assert.deepEqual(left, expected);
}

async function must(cp: ControlPlane, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cp.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  return stdout;
}
