import { arch, version as node, platform } from "node:process";
import manifest from "../../package.json" with { type: "json" };
import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";

/** Filled in by plugin/build.ts; a clone does not know it. */
declare const builtFromCommit: string | undefined;

export const versionCommand: Command = {
  name: "version",
  summary: "Says which version this is; no cluster is asked",
  help: `Usage: kubectl linkerd-certs version [-o table|short|json|yaml]

  -o, --output table|short|json|yaml  short is the version alone (table)

${exitCodesHelp({ ok: "said", usage: "the flags do not fit" })}`,
  options: {
    // kubectl's and linkerd's own; there is nothing but the client here.
    client: { type: "boolean" },
  },
  tolerates: ["client"],
  takes: ["output"],

  async run(args, { stdout }) {
    const [unknown] = args.positionals;
    if (unknown !== undefined) throw new UsageError(`version takes no ${unknown}`);
    stdout.write(written(args.text("output") ?? "table"));
    return exitCodes.ok;
  },
};

function written(output: string): string {
  const { version } = manifest;
  const commit = typeof builtFromCommit === "string" && builtFromCommit !== "" ? builtFromCommit : undefined;
  const facts = {
    version,
    ...(commit === undefined ? {} : { commit }),
    node,
    platform: `${platform}/${arch}`,
  };
  const lines = Object.entries(facts);
  switch (output) {
    case "table":
      return lines.map(([name, value]) => `${`${name}:`.padEnd(10)}${value}\n`).join("");
    case "short":
      return `${version}\n`;
    case "json":
      return `${JSON.stringify({ ...kind, ...facts }, undefined, 2)}\n`;
    case "yaml":
      // All plain words: JSON's strings are YAML's, and the library need not be loaded.
      return Object.entries({ ...kind, ...facts })
        .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
        .join("");
    default:
      throw new UsageError(`-o ${output}: must be table, short, json or yaml`);
  }
}

const kind = { apiVersion: "linkerd-certs.io/v1", kind: "Version" };
