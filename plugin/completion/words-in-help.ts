/**
 * Which words a flag takes, as the help says it: "--color auto|always|never",
 * "-o table|json". It is the only place that does.
 */
export function wordsInHelp(flag: string, help: string): readonly string[] | undefined {
  const names = flag === "output" ? "(?:--output|-o)" : `--${flag}`;
  return new RegExp(`${names}[ =]\\[?([a-z0-9-]+(?:\\|[a-z0-9-]+)+)`).exec(help)?.[1]?.split("|");
}
