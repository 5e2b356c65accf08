import { fields, list, text } from "../fields.ts";

/**
 * What a Deployment's flag says, as the managers read their arguments (Go's
 * pflag): "--flag=value" or "--flag value", the last one said. Its own namespace
 * for $(POD_NAMESPACE); undefined where the flag is not there or empty.
 */
export function flagOf(deployment: unknown, flag: string): string | undefined {
  const { metadata, spec } = fields(deployment);
  const pod = fields(fields(fields(spec)["template"])["spec"]);
  const said = list(pod["containers"])
    .map((container) => {
      const { command, args } = fields(container);
      return lastSaid([...list(command), ...list(args)].map(text), flag);
    })
    .find((value) => value !== undefined);
  return (said === "$(POD_NAMESPACE)" ? text(fields(metadata)["namespace"]) : said) || undefined;
}

function lastSaid(words: readonly string[], flag: string): string | undefined {
  const joined = new Set([`--${flag}`, `-${flag}`]);
  const values = words.flatMap((word, i) => {
    const [name = "", ...rest] = word.split("=");
    if (!joined.has(name)) return [];
    return rest.length > 0 ? [rest.join("=")] : [words[i + 1] ?? ""];
  });
  return values.at(-1);
}
