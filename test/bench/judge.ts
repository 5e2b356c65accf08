import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { anchor, bundle, issuer } from "../certificates/index.ts";
import { onServerCore } from "./cores.ts";
import { type Figure, median } from "./figures.ts";
import { tenYears } from "./reviews.ts";

/** How long the core takes for a bundle of a hundred anchors that it has never seen, and Go's crypto/x509. */
export async function measureJudging(peer: string, folder: string, bundles: number): Promise<Figure[]> {
  const file = join(folder, "bundles.json");
  writeFileSync(file, JSON.stringify(Array.from({ length: bundles }, mintJudging)));
  const runs = {
    peer: await timed([peer, "judge", file]),
    guard: await timed([process.execPath, join(import.meta.dirname, "judge-guard.ts"), file]),
  };
  // The compilers of both need a while; the first is told apart.
  const warm = (milliseconds: readonly number[]) => median(milliseconds.slice(milliseconds.length / 2));
  return [
    {
      ...{
        section: "judge",
        what: "100 anchors",
        unit: "ms",
        guard: warm(runs.guard),
        peer: warm(runs.peer),
      },
      goal: { kind: "ratio at most", limit: 1.5 },
    },
    {
      ...{ section: "judge", what: "100 anchors, the first time", unit: "ms" },
      ...{ guard: runs.guard[0] ?? 0, peer: runs.peer[0] ?? 0 },
    },
  ];
}

function mintJudging() {
  const anchors = Array.from({ length: 100 }, (_, index) => anchor(`root ${index}`, tenYears));
  const last = anchors.at(-1);
  if (last === undefined) throw new Error("no anchors");
  return { bundle: bundle(...anchors), issuer: issuer(last, tenYears).pem };
}

async function timed(command: readonly string[]): Promise<readonly number[]> {
  const [file = "", ...args] = onServerCore(command);
  const { stdout } = await promisify(execFile)(file, args, { timeout: 120_000 });
  return (JSON.parse(stdout) as { milliseconds: number[] }).milliseconds;
}
