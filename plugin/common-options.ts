import type { ParseArgsOptionsConfig } from "node:util";
import type { OptionGroup } from "./command.ts";

/** Flags of every command. */
export const always = {
  help: { type: "boolean", short: "h" },
  color: { type: "string" },
  verbose: { type: "string", short: "v" },
} as const satisfies ParseArgsOptionsConfig;

/** Flags by what a command does; kubectl's where kubectl has them. */
export const groups = {
  cluster: {
    kubeconfig: { type: "string" },
    context: { type: "string", multiple: true },
    cluster: { type: "string" },
    user: { type: "string" },
    server: { type: "string", short: "s" },
    token: { type: "string" },
    "certificate-authority": { type: "string" },
    "insecure-skip-tls-verify": { type: "boolean" },
    "tls-server-name": { type: "string" },
    "linkerd-namespace": { type: "string", short: "L", default: "linkerd" },
    "request-timeout": { type: "string", default: "10s" },
    as: { type: "string" },
    "as-uid": { type: "string" },
    "as-group": { type: "string", multiple: true },
  },
  output: {
    output: { type: "string", short: "o" },
  },
  write: {
    "dry-run": { type: "string", default: "none" },
    yes: { type: "boolean", short: "y" },
  },
} as const satisfies Record<OptionGroup, ParseArgsOptionsConfig>;

/** What --help says of them. */
export const groupHelp: Readonly<Record<OptionGroup | "always", string>> = {
  cluster: `  --kubeconfig FILE        which kubeconfig ($KUBECONFIG, or ~/.kube/config)
  --context NAME           which of its contexts (its current one); check, report and rotate take several
  -L, --linkerd-namespace NAME  where Linkerd's control plane is (linkerd)
  --request-timeout TIME   how long one request may take (10s)
  --cluster NAME           another cluster of the kubeconfig than the context's
  --user NAME              another user of the kubeconfig than the context's
  -s, --server ADDRESS     the API server, instead of the kubeconfig's
  --token TOKEN            a bearer token for it
  --certificate-authority FILE  verifies the API server's certificate by this one
  --tls-server-name NAME   the name that the API server's certificate must have
  --insecure-skip-tls-verify  takes any certificate for the API server's
  --as USER                acts as this user, where that is allowed
  --as-uid UID             with this UID
  --as-group GROUP         and in this group; may be repeated
  What is the same in every call may be settled in a file or the environment: docs/settings.md
`,
  // Formats differ: each command has a line of its own.
  output: "",
  write: `  --dry-run none|client|server  only says what would be written; server asks the API server and the guard (none)
  -y, --yes                does it without asking
`,
  always: `  --color auto|always|never  colours on a terminal, or also elsewhere; NO_COLOR and FORCE_COLOR too (auto)
  -v, --verbose LEVEL      1 tells each request on standard error (0)
  -h, --help               what can be said of the command
`,
};

/** For node:util's parser: every command's own, and those of its groups. */
export function optionsOf(takes: readonly OptionGroup[]): ParseArgsOptionsConfig {
  return Object.assign({}, always, ...takes.map((group) => groups[group]));
}

/** The end of every --help. */
export function optionsHelp(takes: readonly OptionGroup[]): string {
  return `Flags of every command like this:\n${[...takes, "always" as const].map((group) => groupHelp[group]).join("")}`;
}
