import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { connect } from "../cluster/connect.ts";
import { Failure } from "../cluster/failure.ts";
import { rules } from "../trust/rules/index.ts";
import { parseArguments, type RunOptions, usage } from "./arguments.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { startGuard } from "./guard.ts";
import { createLog } from "./log/log.ts";
import { commit, version } from "./version.ts";

const args = parseArguments(process.argv.slice(2), process.env);
switch (args.kind) {
  case "help":
    process.stdout.write(usage);
    break;
  case "version":
    process.stdout.write(`${version}${commit === undefined ? "" : ` (${commit})`}\n`);
    break;
  case "wrong":
    fail(args.message, "linkerd-certs-webhook --help says what is allowed", 2);
    break;
  case "run":
    void run(args.options);
}

async function run(options: RunOptions): Promise<void> {
  const config = configFrom(options);
  if (config === undefined) return;
  const clock = () => new Date();
  // Once taken as a stream, a pipe that nobody reads makes the log wait, and not the guard.
  process.stdout.on("error", () => {});
  const log = createLog({ level: config.log.level, clock });
  process.on("unhandledRejection", (error) => log.error({ error }, "a promise was left alone"));

  try {
    const { kubeconfig } = options;
    const cluster = await connect(kubeconfig === undefined ? {} : { kubeconfig });
    const guard = await startGuard({ config, cluster, clock, log, instance: hostname(), version, commit });
    let stopping = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (stopping) return;
        stopping = true;
        log.info({ signal }, "stopping");
        guard.stop().then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ error }, "did not stop cleanly");
            process.exit(1);
          },
        );
      });
    }
  } catch (error) {
    const hint = error instanceof Failure ? error.hint : "";
    fail(`cannot start: ${error instanceof Error ? error.message : String(error)}`, hint, 1);
    process.exit(1);
  }
}

function configFrom({ config: file, ...overrides }: RunOptions): Config | undefined {
  try {
    const text = file === undefined ? "" : readFileSync(file, "utf8");
    const ids = rules.map(({ id }) => id);
    return readConfig(text, ids, overrides);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    fail(`${file ?? "configuration"}: ${what}`, error instanceof ConfigError ? error.hint : "", 2);
    return undefined;
  }
}

function fail(message: string, hint: string, code: number): void {
  process.stderr.write(
    `linkerd-certs: error: ${message}\n${hint === "" ? "" : `linkerd-certs: hint: ${hint}\n`}`,
  );
  process.exitCode = code;
}
