import { buildNative } from "../../release/native.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { manyPods } from "../cluster/many-pods.ts";
import { type Figure, median } from "./figures.ts";
import { inTurns, type Program, type Run } from "./plugin-run.ts";
import { progress } from "./progress.ts";
import { mintTrust } from "./reviews.ts";

export interface Effort {
  readonly times: number;
  /** In the large mesh; without it there is none. */
  readonly pods?: number;
}

/** The plugin as it is released, and as a script of Node, beside kubectl, which its user would call otherwise. */
export async function measurePlugin(folder: string, { times, pods }: Effort): Promise<Figure[]> {
  progress("the plugin is built");
  const { program, script } = await buildNative(folder, {
    os: process.platform,
    arch: process.arch,
    program: process.execPath,
  });
  const cp = await startControlPlane();
  try {
    const env = { HOME: folder, KUBECONFIG: cp.kubeconfig, PATH: process.env["PATH"] ?? "" };
    const kubectl = (...words: string[]): Program => ({ command: [cp.binaries.kubectl, ...words], env });
    const node = (...words: string[]): Program => ({ command: [process.execPath, ...words], env });
    const plugin = (...words: string[]): Program => ({ command: [program, ...words], env });
    const asScript = (...words: string[]) => node(script, ...words);

    progress("starts");
    const starts = await inTurns(
      {
        kubectl: kubectl("version", "--client"),
        version: plugin("version"),
        help: plugin("--help"),
        node: node("-e", "0"),
        complete: plugin("__complete", "--", "check", "--con"),
        script: asScript("version"),
      },
      3 * times,
    );
    const within = { kind: "ratio at most", limit: 1.2 } as const;
    const figures: Figure[] = [
      { ...base, what: "version", guard: ms(starts.version), peer: ms(starts.kubectl), goal: within },
      { ...base, what: "version, as a script", guard: ms(starts.script), peer: ms(starts.kubectl) },
      { ...base, what: "--help", guard: ms(starts.help), peer: ms(starts.kubectl), goal: within },
      {
        ...{ ...base, what: "a completion, beyond node -e 0", guard: ms(starts.complete) - ms(starts.node) },
        goal: { kind: "at most", limit: 100 },
      },
    ];
    const both = { kubectl: kubectl("get", "pods", "-A", "-o", "json"), check: plugin("check") };

    progress("a small mesh");
    const bundle = await smallMesh(cp);
    const small = await inTurns({ ...both, script: asScript("check") }, times);
    const forScript = { ...base, peer: ms(small.kubectl) + 100 };
    const allowed = { ...forScript, goal: { ...within, limit: 1 } };
    figures.push(
      { ...base, what: "check, a small mesh", guard: ms(small.check), peer: ms(small.kubectl) },
      { ...allowed, what: "check, a small mesh (kubectl + 100 ms)", guard: ms(small.check) },
      { ...forScript, what: "the same, as a script", guard: ms(small.script) },
    );
    if (pods === undefined) return figures;

    progress(`${pods} pods are created`);
    await manyPods(cp, pods, { bundle });
    progress(`${pods} pods are read`);
    const large = await inTurns(both, 3); // kubectl takes its time
    const memory = { section: "plugin", unit: "MiB" } as const;
    const most = mebibytes(large.check);
    const what = `check, ${pods} meshed pods`;
    return [
      ...figures,
      { ...base, what, guard: ms(large.check), peer: ms(large.kubectl), goal: within },
      {
        ...{ ...memory, what: `${what}: memory at most`, guard: most, peer: mebibytes(large.kubectl) },
        goal: { ...within, limit: 1 },
      },
      { ...memory, what: `${what}: memory at most`, guard: most, goal: { kind: "at most", limit: 200 } },
    ];
  } finally {
    await cp.stop();
  }
}

const base = { section: "plugin", unit: "ms" } as const;
const ms = (runs: readonly Run[]) => median(runs.map((run) => run.ms));
const mebibytes = (runs: readonly Run[]) => median(runs.map((run) => run.mebibytes));

async function smallMesh(cp: ControlPlane): Promise<string> {
  const { anchor, issuer } = mintTrust();
  await installLinkerd(cp, { bundle: anchor.pem, issuer: { chainPem: issuer.pem, keyPem: issuer.keyPem } });
  for (const name of ["web", "cart", "orders"])
    await inject(cp, { name, namespace: "shop", bundle: anchor.pem, replicas: 3 });
  return anchor.pem;
}
