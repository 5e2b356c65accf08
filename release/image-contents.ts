// Run by the Dockerfile: the two bundles, and the licences of what is in them, in dist.

import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundlePlugin } from "../plugin/build.ts";
import { bundleGuard } from "../webhook/build.ts";
import { licenceTexts, packagesOf } from "./packages.ts";

const home = join(import.meta.dirname, "..");
const dist = join(home, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const built = [...(await bundleGuard(dist)), ...(await bundlePlugin(dist))];
const packages = packagesOf(
  built.flatMap(({ inputs }) => inputs),
  home,
);
const node = { version: process.version.slice(1), licence: licenceOfNode() };
writeFileSync(join(dist, "THIRD_PARTY_LICENSES"), licenceTexts(packages, node));
copyFileSync(join(home, "LICENSE"), join(dist, "LICENSE"));

/** It lies beside the program's folder where Node was unpacked; the image goes on without. */
function licenceOfNode(): string {
  const beside = join(dirname(process.execPath), "..", "LICENSE");
  if (existsSync(beside)) return beside;
  const told = join(home, "node-licence");
  writeFileSync(told, `https://github.com/nodejs/node/blob/${process.version}/LICENSE\n`);
  return told;
}
