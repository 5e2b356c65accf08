import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Section, sections } from "./figures.ts";

export interface Options {
  readonly quick: boolean;
  readonly only: readonly Section[];
  readonly guard: { readonly entry?: string; readonly flags?: readonly string[] };
}

export const usage = `npm run bench -- [--quick] [--only ${sections.join("|")}] …

  --quick           smaller samples and a smaller mesh: minutes become one or two
  --only SECTION    may be repeated
  --guard FILE      another program than the bundled guard
  --node-flags=TEXT other flags for Node than the shipped ones
`;

/** Undefined where the usage was asked for. */
export function parseOptions(argv: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      guard: { type: "string" },
      "node-flags": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const only = values.only.map((name) => {
    const section = sections.find((known) => known === name);
    if (section === undefined) throw new Error(`--only ${name}: there are ${sections.join(", ")}`);
    return section;
  });
  const flags = values["node-flags"]?.split(" ").filter((flag) => flag !== "");
  return {
    quick: values.quick,
    only: only.length > 0 ? only : sections,
    guard: {
      ...(values.guard === undefined ? {} : { entry: resolve(values.guard) }),
      ...(flags === undefined ? {} : { flags }),
    },
  };
}
