/** How a tree's nodes are written: the first line beside the branch, the others below it. */
export interface Drawing<T> {
  lines(node: T): readonly string[];
  children(node: T): readonly T[];
  readonly ascii?: boolean;
}

/** A tree in lines, its tops at the margin. */
export function drawTree<T>(tops: readonly T[], drawing: Drawing<T>): string {
  const branch = drawing.ascii
    ? { tee: "|- ", last: "`- ", bar: "|  " }
    : { tee: "├─ ", last: "└─ ", bar: "│  " };
  const written: string[] = [];

  function draw(node: T, first: string, below: string): void {
    const children = drawing.children(node);
    const [head = "", ...more] = drawing.lines(node);
    written.push(first + head);
    for (const line of more) written.push(below + (children.length > 0 ? branch.bar : "   ") + line);
    for (const [i, child] of children.entries()) {
      const last = i === children.length - 1;
      draw(child, below + (last ? branch.last : branch.tee), below + (last ? "   " : branch.bar));
    }
  }

  for (const top of tops) draw(top, "", "");
  return written.map((line) => `${line.trimEnd()}\n`).join("");
}
