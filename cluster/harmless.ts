/**
 * Text that somebody else has written, for terminals and logs: what would move a cursor, colour, hide or turn what
 * stands beside it becomes a space. At most `limit` characters of it.
 */
export function harmless(text: string, limit = 2000): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}
