import { named } from "../../trust/naming.ts";
import type { TreeNode } from "../../trust/tree.ts";
import type { Inspection } from "../material/inspection.ts";
import type { Style } from "./colour.ts";
import { factsOf } from "./inspect-facts.ts";
import { remarkLines } from "./inspect-tree.ts";

/** Everything about every certificate, one after the other, in the order of the tree. */
export function inspectText({ title, at, tree, places, remarks }: Inspection, style: Style): string {
  const parts = flat(tree).map(({ certificate, kind, role, why }) => {
    const part =
      role === undefined ? [] : [["role", `${role}${why === undefined ? "" : `: ${why}`}`] as const];
    const where = (places.get(certificate.fingerprint) ?? []).map((place) => ["in", place] as const);
    const lines = [...part, ...factsOf(certificate, at), ...where].map(
      ([name, value]) => `  ${style.dim(name.padEnd(14))}${value}\n`,
    );
    return `\n${kind} ${style.bold(named(certificate))}\n${lines.join("")}`;
  });
  return `${style.bold(title)}\n${parts.join("")}${remarkLines(remarks, style)}`;
}

/** Every certificate once, parents first. */
export function flat(tree: readonly TreeNode[]): readonly TreeNode[] {
  return tree.flatMap((node) => (node.repeated ? [] : [node, ...flat(node.children)]));
}
