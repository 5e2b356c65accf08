import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Node, nodeVersion } from "../../release/fetch-node.ts";

/** The Node that runs the tests in place of the one from the registry, so that none is fetched. Its licence did not come with it. */
export function runningNode(folder: string): Node {
  const licence = join(folder, "node-licence");
  writeFileSync(licence, "Node's licence\n");
  return { version: nodeVersion, program: process.execPath, licence };
}
