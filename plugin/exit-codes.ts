/** What the plugin's end says, in every command. */
export const exitCodes = {
  ok: 0,
  /** Something kept us from doing it: no cluster, no access, an unreadable file. */
  failed: 1,
  /** Something was found, at or above --fail-on. */
  found: 2,
  /** A condition did not come about in time. */
  notInTime: 3,
  /** Refused, by the person asked or because --yes was missing. */
  refused: 4,
  usage: 64,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For the help of a command: the codes it uses, a line each. */
export function exitCodesHelp(meanings: { readonly [K in keyof typeof exitCodes]?: string }): string {
  const lines = Object.entries(meanings).map(([name, meaning]) => {
    const code = exitCodes[name as keyof typeof exitCodes]; // the type of the parameter allows no other key
    return `  ${String(code).padEnd(4)}${meaning}`;
  });
  return `Exit codes:\n${lines.join("\n")}\n`;
}
