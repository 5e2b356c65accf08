/**
 * What differs from one run to the next, as a word that does not: times, lengths of time, fingerprints, names that
 * the cluster makes up. A fingerprint gets the same word wherever it stands, so a page may not mix up certificates.
 */
export function masked(): (text: string) => string {
  const fingerprints = new Map<string, string>();
  const named = (one: string) => {
    const word = fingerprints.get(one) ?? `fingerprint-${fingerprints.size + 1}`;
    fingerprints.set(one, word);
    return word;
  };
  return (text) =>
    text
      .replace(/\d{8}-\d{6}-[0-9a-f]{4}/g, "ROTATION")
      .replace(/\b127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
      .replace(/@[\w.-]+/g, "@MACHINE")
      .replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, (_, first: string) => `${named(first)}-whole`)
      .replace(/\b[0-9a-f]{40}\b/g, "KEY-ID")
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/g, "TIME")
      .replace(/\b\d{4}-\d\d-\d\d\b/g, "DAY")
      .replace(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}/g, "TIME")
      .replace(/\b\d\d:\d\d(:\d\d)?Z?\b/g, "TIME")
      .replace(/-[0-9a-f]{5,10}-[a-z0-9]{5}\b/g, "-POD")
      .replace(/\b[0-9a-f]{8}\b/g, named)
      .replace(/\bv\d+\.\d+(\.\d+)?(-[\w.]+)?(\+\w+)?\b/g, "VERSION")
      .replace(/\b(\d+(\.\d+)?(ms|s|m|h|d|y))+\b/g, "LONG")
      .replace(/\b\d+(\.\d+)? (ms|s|min|seconds?|minutes?|hours?|days?)\b/g, "LONG")
      .replace(/ {2,}/g, "  ")
      .replace(/[ \t]+$/gm, "");
}

/**
 * Of what came, what is shown of it: a line "…" stands for any lines. The lines between are looked for one after the
 * other, whatever times and fingerprints they have; undefined where one is missing.
 */
export function asShown(shown: string, came: string): string | undefined {
  if (!/^…$/m.test(shown)) return came;
  const alike = (line: string) => masked()(line).replace(/fingerprint-\d+/g, "FINGERPRINT");
  const left = came.trimEnd().split("\n");
  const kept: string[] = [];
  let skips = false;
  for (const line of shown.trimEnd().split("\n")) {
    if (line === "…") {
      kept.push(line);
      skips = true;
      continue;
    }
    const at = left.findIndex((one) => alike(one) === alike(line));
    if (at === -1 || (at > 0 && !skips)) return undefined;
    kept.push(left[at] ?? "");
    left.splice(0, at + 1);
    skips = false;
  }
  return skips || left.length === 0 ? `${kept.join("\n")}\n` : undefined;
}
