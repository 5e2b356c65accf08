import { moment } from "../../../trust/naming.ts";
import type { Style } from "../../render/colour.ts";
import { counted } from "../../render/counted.ts";
import type { WorkloadChanged } from "../progress.ts";
import type { Canvas } from "./draw.ts";
import { namespaceNodes } from "./namespace-nodes.ts";
import { type ClusterState, timeLeft } from "./state.ts";
import { doing, span } from "./words.ts";

export interface Node {
  readonly lines: readonly string[];
  readonly children: readonly Node[];
}

/** How much is shown of a cluster. */
export interface Detail {
  readonly namespaces: number;
  /** Of a namespace. */
  readonly workloads: number;
  /** Of what is waited for, and of what a person must do. */
  readonly waits: number;
}

/** A cluster: where it stands and how far it is; below it what is going on there. */
export function clusterNode(cluster: ClusterState, detail: Detail, canvas: Canvas): Node {
  const { style } = canvas;
  const { stage, unseen } = cluster;
  const name = style.bold(cluster.name);
  if (unseen !== undefined)
    return leaf(`${name}  ${style.red(`${style.symbols.error} not heard: ${unseen}`)}`);
  if (stage === undefined) return leaf(`${name}  ${style.dim("looking …")}`);
  const lines = [`${name}  ${canvas.words.stages[stage]}${progress(cluster, canvas)}`];
  const route = partsLine(cluster, canvas);
  if (detail.namespaces > 0) lines.push(route);
  const components = [...cluster.workloads.values()].filter(({ component }) => component !== undefined);
  const children = [
    ...(components.length > 0 && detail.namespaces > 0 ? [componentsNode(components, style)] : []),
    ...namespaceNodes(cluster, detail, style),
    ...steps(cluster, detail, style),
    ...waits(cluster, detail, style),
    ...blocks(cluster, detail, style),
  ];
  return { lines, children };
}

const leaf = (line: string): Node => ({ lines: [line], children: [] });

function progress(cluster: ClusterState, { now, style }: Canvas): string {
  const { looked, stage } = cluster;
  if (looked === undefined || looked.progress.of === 0 || stage === "renewed") return "";
  const { done, of } = looked.progress;
  const left = timeLeft(cluster, now);
  const about = left === undefined ? "" : style.dim(`, about ${span(left)} left of this stage`);
  return `  ${bar(done / of, style)} ${done}/${of}${about}`;
}

function bar(share: number, { symbols, green, dim }: Style): string {
  const [full, empty] = symbols.success === "+" ? ["#", "-"] : ["█", "░"];
  const cells = Math.max(0, Math.min(12, Math.floor(share * 12)));
  return `${green(full.repeat(cells))}${dim(empty.repeat(12 - cells))}`;
}

function partsLine({ stage }: ClusterState, { words: { parts }, style }: Canvas): string {
  const { symbols, green, bold, dim } = style;
  const at = stage === undefined ? -1 : parts.findIndex(({ stages }) => stages.includes(stage));
  return parts
    .map(({ name }, i) => {
      if (stage === "renewed" || i < at) return green(`${symbols.success} ${name}`);
      return i === at ? bold(`> ${name}`) : dim(`  ${name}`);
    })
    .join("  ");
}

function componentsNode(components: readonly WorkloadChanged[], style: Style): Node {
  const shown = components.map((one) => `${mark(one, style)} ${one.component}${readiness(one)}`);
  const troubles = components
    .filter(({ state, trouble }) => trouble !== undefined && state !== "fresh")
    .map(({ component, trouble }) => leaf(style.yellow(`${component}: ${trouble}`)));
  return { lines: [`control plane  ${shown.join("  ")}`], children: troubles };
}

/** The state of a workload in one character. */
export function mark({ state }: Pick<WorkloadChanged, "state">, style: Style): string {
  const { symbols } = style;
  const ascii = symbols.success === "+";
  switch (state) {
    case "fresh":
      return style.green(symbols.success);
    case "rolling":
      return style.yellow(ascii ? "~" : "↻");
    case "failed":
      return style.red(symbols.error);
    case "person":
      return style.yellow(symbols.warning);
    default:
      return style.dim(ascii ? "." : "·");
  }
}

export function readiness({ state, ready, desired }: WorkloadChanged): string {
  return state === "rolling" || state === "failed" ? ` ${ready}/${desired}` : "";
}

/** Restarts are to be seen at their workloads. */
function steps({ underWay, trouble }: ClusterState, detail: Detail, style: Style): readonly Node[] {
  const shown = [...underWay.values()]
    .filter(({ step }) => step.kind !== "restart-workload")
    .map(({ step }) => leaf(style.bold(`${doing(step)} …`)));
  if (trouble === undefined || detail.waits === 0) return shown;
  return [...shown, leaf(style.yellow(`${doing(trouble.step)} is tried again: ${trouble.message}`))];
}

function waits({ waits }: ClusterState, detail: Detail, style: Style): readonly Node[] {
  // Roll-outs show for themselves.
  const others = waits.filter(({ workload }) => workload === undefined);
  const shown = others
    .slice(0, detail.waits)
    .map(({ what, until }) =>
      leaf(style.dim(`waiting for ${what}${until === undefined ? "" : `, until ${moment(until)}`}`)),
    );
  return shown;
}

function blocks({ blocks }: ClusterState, detail: Detail, style: Style): readonly Node[] {
  if (blocks.length === 0) return [];
  const sign = style.yellow(style.symbols.warning);
  if (detail.waits === 0) return [leaf(`${sign} ${counted(blocks.length, "thing")} for a person to do`)];
  const shown = blocks.slice(0, detail.waits).map(({ what, remedy }) => ({
    lines: [`${sign} ${what}`, style.dim(remedy)],
    children: [],
  }));
  const more = blocks.length - shown.length;
  return more > 0 ? [...shown, leaf(`${sign} and ${counted(more, "more thing")} for a person to do`)] : shown;
}
