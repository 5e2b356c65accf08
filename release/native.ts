import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bundleParts } from "./bundle.ts";
import { compileParts } from "./compile-parts.ts";
import { buildExecutable } from "./executable.ts";
import { nativePlatform, programOf } from "./platforms.ts";

export interface NativeProgram {
  /** As it is released. */
  readonly program: string;
  /** The same for whoever has a Node: kubectl-linkerd_certs.cjs, its parts beside it. */
  readonly script: string;
}

/** The running Node goes into it, so that nothing is fetched for tests and the benchmark. */
export interface Running {
  readonly os: string;
  readonly arch: string;
  readonly program: string;
}

/** Builds the plugin for the machine that this runs on, in a folder. */
export async function buildNative(folder: string, running: Running): Promise<NativeProgram> {
  const platform = nativePlatform(running.os, running.arch);
  if (platform === undefined) throw new Error(`nothing is released for ${running.os}/${running.arch}`);
  const parts = await bundleParts(folder);
  const compiled = await compileParts(running.program, parts, folder);
  const work = join(folder, "program");
  mkdirSync(work);
  const program = join(folder, programOf(platform));
  const made = { folder: join(folder, "compiled"), names: compiled };
  const { program: node } = running;
  await buildExecutable({ platform, parts, compiled: made, node, builder: node }, work, program);
  return { program, script: join(folder, "bundle", "kubectl-linkerd_certs.cjs") };
}
