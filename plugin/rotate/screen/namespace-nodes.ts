import type { Style } from "../../render/colour.ts";
import { counted } from "../../render/counted.ts";
import type { WorkloadChanged } from "../progress.ts";
import { type Detail, mark, type Node, readiness } from "./cluster-node.ts";
import type { ClusterState } from "./state.ts";

/** The workloads of one namespace. */
interface Wave {
  readonly namespace: string;
  readonly fresh: number;
  readonly all: readonly WorkloadChanged[];
  /** What is rolling, has failed, or needs a person: the reasons to look. */
  readonly astir: readonly WorkloadChanged[];
}

/** Namespaces in which something is going on, each with its workloads; those done and those to come in a line each. */
export function namespaceNodes(
  { workloads }: ClusterState,
  { namespaces, workloads: most }: Detail,
  style: Style,
): readonly Node[] {
  const own = [...workloads.values()].filter(({ component }) => component === undefined);
  const waves = [...Map.groupBy(own, ({ namespace }) => namespace)].map(([name, all]) => waveOf(name, all));
  const done = waves.filter(({ fresh, all }) => fresh === all.length);
  const rest = waves.filter(({ fresh, all }) => fresh < all.length);
  const active = rest.filter(({ fresh, astir }) => fresh > 0 || astir.length > 0);
  const toCome = rest.filter((wave) => !active.includes(wave));
  const shown = active.slice(0, namespaces);
  return [
    ...folded(done, mark({ state: "fresh" }, style), "done"),
    ...shown.map((wave) => waveNode(wave, most, style)),
    ...folded(active.slice(shown.length), mark({ state: "rolling" }, style), "under way"),
    ...folded(toCome, mark({ state: "stale" }, style), "to come"),
  ];
}

function waveOf(namespace: string, all: readonly WorkloadChanged[]): Wave {
  const weight = { failed: 0, rolling: 1, person: 2, stale: 3, fresh: 4 };
  const astir = all
    .filter(({ state = "fresh" }) => weight[state] < 3)
    .sort((a, b) => weight[a.state ?? "fresh"] - weight[b.state ?? "fresh"]);
  return { namespace, all, astir, fresh: all.filter(({ state }) => state === "fresh").length };
}

function folded(waves: readonly Wave[], sign: string, what: string): readonly Node[] {
  const [first] = waves;
  if (first === undefined) return [];
  const all = waves.reduce((sum, wave) => sum + wave.all.length, 0);
  const [fresh, failed] = [
    waves.reduce((sum, wave) => sum + wave.fresh, 0),
    waves.flatMap(({ astir }) => astir).filter(({ state }) => state === "failed").length,
  ];
  const name = waves.length === 1 ? first.namespace : counted(waves.length, "namespace");
  const share = what === "under way" ? `${fresh}/${all}` : counted(all, "workload");
  const trouble = failed === 0 ? "" : `, ${failed} failed`;
  return [{ lines: [`${sign} ${name} ${what} (${share}${trouble})`], children: [] }];
}

function waveNode({ namespace, all, astir, fresh }: Wave, most: number, style: Style): Node {
  const head = astir.some(({ state }) => state === "failed") ? "failed" : "rolling";
  const shown = astir.slice(0, most);
  const waiting = all.filter(({ state }) => state === "stale").length;
  const rest = [
    ...(astir.length > shown.length ? [`${astir.length - shown.length} more under way`] : []),
    ...(waiting > 0 ? [`${waiting} to come`] : []),
  ];
  const children = [
    ...shown.map((one) => workloadNode(one, style)),
    ...(rest.length > 0 ? [{ lines: [style.dim(rest.join(", "))], children: [] }] : []),
  ];
  return { lines: [`${mark({ state: head }, style)} ${namespace} ${fresh}/${all.length}`], children };
}

function workloadNode(one: WorkloadChanged, style: Style): Node {
  // "shop/deploy/web" below its namespace: "deploy/web".
  const name = one.workload.slice(one.workload.indexOf("/") + 1);
  const trouble = one.trouble === undefined ? "" : `  ${style.yellow(one.trouble)}`;
  return { lines: [`${mark(one, style)} ${name}${readiness(one)}${trouble}`], children: [] };
}
