import { stringify } from "yaml";
import { Failure } from "../../cluster/failure.ts";
import { closest } from "../../trust/closest.ts";
import type { Policy } from "../../trust/policy.ts";
import { type Arguments, type Command, UsageError } from "../command.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { knownRules } from "../known-rules.ts";
import { readFiles } from "../manifest/files.ts";
import { oneOf } from "../one-of.ts";
import { colourChoices, styleOf } from "../render/colour.ts";
import { github } from "../render/github.ts";
import { junit } from "../render/junit.ts";
import { sarif } from "../render/sarif.ts";
import { validateJson } from "../render/validate-json.ts";
import { validateSuites } from "../render/validate-suites.ts";
import { validateTable } from "../render/validate-table.ts";
import { noSettings } from "../settings/settings.ts";
import { treatFindings } from "../settings/treat-report.ts";
import { requestTimeoutMs } from "../time.ts";
import { manifestReadable } from "../validate/finding.ts";
import { policyIn } from "../validate/policy.ts";
import type { Report } from "../validate/report.ts";
import { type ValidateOptions, validate } from "../validate/run.ts";
import type { World } from "../world.ts";

const outputs = ["table", "short", "json", "yaml", "junit", "sarif", "github"] as const;
const failures = ["error", "warning"] as const;
const ignorable = knownRules
  .filter(({ id, askedBy }) => askedBy.includes("validate") && !(id in manifestReadable))
  .map(({ id }) => id);

export const validateCommand: Command = {
  name: "validate",
  summary: "Judges manifests before they are applied, by the guard's own rules",
  help: `Usage: kubectl linkerd-certs validate -f FILE|FOLDER|- [flags]

Reads what Helm or kustomize rendered, and finds what Linkerd would refuse, private keys, and Certificates,
Issuers and Bundles that break a mesh sooner or later. No cluster is needed.

  -f, --filename FILE          a file, a folder, or - for standard input; may be repeated
  -R, --recursive              folders inside the folder too
  --against live|FILE          judges the change from the live cluster, or from other manifests: what the
                               guard would answer to each write, in kubectl's order
  --guard-config FILE          the guard's configuration: which rules deny, warn or are off
  --ignore RULE                leaves out what this rule finds; may be repeated
  --fail-on error|warning      from where on the exit code is 2 (error)
  --offline                    asks no cluster, whatever the words say; what needs one fails
  -o, --output ${outputs.join("|")}
                               short is one line for each finding; the others are for programs (table)

Examples:
  helm template linkerd-control-plane … | kubectl linkerd-certs validate -f -
  kubectl linkerd-certs validate -f manifests/ -R --against live
  kubectl linkerd-certs validate -f new.yaml --against old.yaml -o sarif > trust.sarif

${exitCodesHelp({
  ok: "nothing at or above --fail-on",
  failed: "a file or the cluster could not be read",
  found: "something was found, at or above --fail-on",
  usage: "the flags do not fit",
})}`,
  options: {
    filename: { type: "string", short: "f", multiple: true },
    recursive: { type: "boolean", short: "R" },
    against: { type: "string" },
    "guard-config": { type: "string" },
    ignore: { type: "string", multiple: true },
    "fail-on": { type: "string", default: "error" },
    offline: { type: "boolean" },
  },
  takes: ["cluster", "output"],

  async run(args, world) {
    const output = oneOf("output", outputs, args.text("output") ?? "table");
    const failOn = oneOf("fail-on", failures, args.text("fail-on") ?? "error");
    const colour = oneOf("color", colourChoices, args.text("color") ?? "auto");
    const found = await validate(await optionsOf(args, world), world);
    const report = { ...found, ...treatFindings(found.findings, args.settings ?? noSettings, world.clock()) };
    for (const { place, message } of report.unreadable)
      world.stderr.write(`linkerd-certs: error: ${place.file}:${place.line}: ${message}\n`);
    if (report.suppressed.length > 0 && output !== "table")
      world.stderr.write(`linkerd-certs: note: ${told(report.suppressed.length)} suppressed\n`);
    if (output === "table" || output === "short")
      world.stdout.write(validateTable(report, styleOf(world.stdout, world.env, colour), output === "short"));
    else world.stdout.write(machine(report, output, failOn));
    return codeOf(report, failOn);
  },
};

const told = (count: number) => (count === 1 ? "1 finding is" : `${count} findings are`);

function machine(
  report: Report,
  output: "json" | "yaml" | "junit" | "sarif" | "github",
  failOn: "error" | "warning",
): string {
  if (output === "json") return `${JSON.stringify(validateJson(report), undefined, 2)}\n`;
  if (output === "yaml") return stringify(JSON.parse(JSON.stringify(validateJson(report))));
  const suites = validateSuites(report);
  return output === "junit" ? junit(suites, failOn) : output === "sarif" ? sarif(suites) : github(suites);
}

// What was found is certain; what could not be read may hold more of it.
function codeOf({ findings, unreadable }: Report, failOn: "error" | "warning"): ExitCode {
  if (findings.some(({ severity }) => severity === "error" || failOn === "warning")) return exitCodes.found;
  return unreadable.length > 0 ? exitCodes.failed : exitCodes.ok;
}

async function optionsOf(args: Arguments, world: World): Promise<ValidateOptions> {
  const files = args.texts("filename");
  if (args.positionals.length > 0) throw new UsageError(`name manifests with -f: -f ${args.positionals[0]}`);
  if (files.includes("")) throw new UsageError("-f names no file: it is empty");
  if (files.length === 0) throw new UsageError("validate needs manifests: -f FILE, -f FOLDER or -f -");
  const against = args.text("against");
  if ([...files, against].filter((one) => one === "-").length > 1)
    throw new UsageError("standard input can be read once only");
  const [kubeconfig, context, config] = [
    args.text("kubeconfig"),
    args.text("context"),
    args.text("guard-config"),
  ];
  return {
    files,
    recursive: args.flag("recursive"),
    ignore: new Set(args.texts("ignore").map(ruleNamed)),
    namespace: args.text("linkerd-namespace") ?? "linkerd",
    timeoutMs: requestTimeoutMs(args),
    ...(against === undefined ? {} : { against }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(config === undefined ? {} : { policy: await policyOf(config, world) }),
  };
}

function ruleNamed(id: string): string {
  if (ignorable.some((one) => one === id)) return id;
  const meant = closest(id, ignorable);
  throw new UsageError(
    `--ignore ${id}: no such rule${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  );
}

async function policyOf(name: string, world: World): Promise<Policy> {
  for await (const { bytes } of readFiles([name], world, false)) {
    const policy = policyIn(bytes.toString("utf8"));
    if (policy !== undefined) return policy;
  }
  throw new Failure(`${name} is no configuration of the guard`, "See docs/configuration.md.");
}
