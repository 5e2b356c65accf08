import { Failure } from "../../../cluster/failure.ts";
import { run } from "../../../plugin/run.ts";
import { type Objects, readOnly } from "../read-only.ts";
import { testWorld } from "../world.ts";
import { healthy, sick } from "./meshes.ts";

const meshes: Readonly<Record<string, Objects>> = { east: healthy(), west: sick() };

/** What report writes of these clusters; east is healthy, west is sick, others do not answer. */
export async function reportOf(...contexts: readonly string[]) {
  const world = testWorld();
  const words = contexts.flatMap((context) => ["--context", context]);
  const code = await run(["report", "-o", "-", ...words], {
    ...world,
    connect: async ({ context = "" }) => {
      const mesh = meshes[context];
      if (mesh === undefined)
        throw new Failure(`the API server at ${context} cannot be reached`, "Check it.");
      return readOnly(mesh);
    },
  });
  return { code, page: world.output().stdout, stderr: world.output().stderr };
}
