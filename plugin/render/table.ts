/** Columns as kubectl writes them: three spaces apart, no lines, the last one as it is. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 3)))
      .join("");
  return all.map((row) => `${line(row).trimEnd()}\n`).join("");
}
