import { parseArgs } from "node:util";

export const usage = `linkerd-certs-webhook guards Linkerd's trust bundle and issuer at the API server.

Usage: linkerd-certs-webhook [--config FILE] [OPTION…]

  --config FILE         its configuration, YAML or JSON
                        ($LINKERD_CERTS_CONFIG, or all defaults)
  --kubeconfig FILE     how to reach the API server
                        ($KUBECONFIG, or the pod's own service account)
  --port PORT           port of the webhook, HTTPS (server.port of the configuration)
  --metrics-port PORT   port of health and metrics, plain HTTP
                        (server.metricsPort of the configuration)
  --log-level trace|debug|info|warn|error|silent
                        from which level on it logs (log.level of the configuration)
  -h, --help            says what its flags and exit codes are
  --version             says which version this is

Exit codes:
  0   stopped as asked (SIGTERM, SIGINT), every request answered
  1   could not start, or could not go on
  2   the arguments or the configuration are not right; nothing was started

Example: linkerd-certs-webhook --config /etc/linkerd-certs/config.yaml --log-level debug
`;

export type Arguments =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "wrong"; readonly message: string }
  | { readonly kind: "run"; readonly options: RunOptions };

export interface RunOptions {
  readonly config?: string;
  readonly kubeconfig?: string;
  readonly port?: number;
  readonly metricsPort?: number;
  readonly logLevel?: string;
}

/** Reads the command line, and the environment for what it leaves open. */
export function parseArguments(argv: readonly string[], env: Readonly<NodeJS.ProcessEnv>): Arguments {
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    const config = values.config ?? nonEmpty(env["LINKERD_CERTS_CONFIG"]);
    const kubeconfig = values.kubeconfig ?? nonEmpty(env["KUBECONFIG"]);
    return {
      kind: "run",
      options: {
        ...(config === undefined ? {} : { config }),
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(values.port === undefined ? {} : { port: portNumber("--port", values.port) }),
        ...(values["metrics-port"] === undefined
          ? {}
          : { metricsPort: portNumber("--metrics-port", values["metrics-port"]) }),
        ...(values["log-level"] === undefined ? {} : { logLevel: values["log-level"] }),
      },
    };
  } catch (error) {
    return { kind: "wrong", message: `${error instanceof Error ? error.message : error}; see --help` };
  }
}

/** What node:util parses them by. */
export const options = {
  config: { type: "string" },
  kubeconfig: { type: "string" },
  port: { type: "string" },
  "metrics-port": { type: "string" },
  "log-level": { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

const nonEmpty = (text: string | undefined) => (text === "" ? undefined : text);

function portNumber(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`${option} must be a port between 0 and 65535, not "${text}"`);
}
