/**
 * Gives one and the same string for equal texts. It forgets all of them when
 * there are too many: names of pods come and go, and a text that is in use is
 * then merely kept twice.
 */
export function interner(limit = 50_000): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const same = known.get(text);
    if (same !== undefined) return same;
    if (known.size >= limit) known.clear();
    known.set(text, text);
    return text;
  };
}
