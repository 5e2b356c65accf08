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

const lines: Readonly<Record<OptionGroup | "always", string>> = {
  cluster: `  --kubeconfig FILE        which kubeconfig (otherwise $KUBECONFIG, ~/.kube/config)
  --context NAME           which of its contexts; some commands take several
  -L, --linkerd-namespace  where Linkerd's control plane is (linkerd)
  --request-timeout TIME   how long one request may take (10s)
  --cluster, --user NAME   others of the kubeconfig than the context's
  -s, --server ADDRESS, --token TOKEN, --certificate-authority FILE, --tls-server-name NAME,
  --insecure-skip-tls-verify, --as USER, --as-uid UID, --as-group GROUP   as for kubectl
  What is the same in every call may be settled in a file or the environment: docs/settings.md
`,
  output: "  -o, --output FORMAT      how to write the answer; formats above\n",
  write: `  --dry-run none|client|server  say what would be written; server asks the API server and the guard
  -y, --yes                do it without asking
`,
  always: `  --color auto|always|never     also NO_COLOR and FORCE_COLOR
  -v, --verbose LEVEL      1 tells each request on standard error
  -h, --help               this text
`,
};

export function optionsOf(takes: readonly OptionGroup[]): ParseArgsOptionsConfig {
  return Object.assign({}, always, ...takes.map((group) => groups[group]));
}

export function optionsHelp(takes: readonly OptionGroup[]): string {
  return `Flags of every command like this:\n${[...takes, "always" as const].map((group) => lines[group]).join("")}`;
}
