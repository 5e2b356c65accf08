import { stringify } from "yaml";
import { pause } from "../../cluster/backoff.ts";
import { Failure } from "../../cluster/failure.ts";
import { moment } from "../../trust/naming.ts";
import type { Command } from "../command.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { checkExtension } from "../render/check-extension.ts";
import { checkJson } from "../render/check-json.ts";
import { checkSuites } from "../render/check-suites.ts";
import { checkTable } from "../render/check-table.ts";
import { styleOf } from "../render/colour.ts";
import { github } from "../render/github.ts";
import { junit } from "../render/junit.ts";
import { sarif } from "../render/sarif.ts";
import { countSuppressed } from "../settings/treat-check.ts";
import { type CheckRun, resultOf } from "../survey/assessment.ts";
import { lookOnce } from "../survey/run.ts";
import type { World } from "../world.ts";
import { type CheckOptions, checkOptions, outputs } from "./check-options.ts";

export const check: Command = {
  name: "check",
  summary: "Judges the trust of a running mesh: every rule, and what no other tool sees",
  help: `Usage: kubectl linkerd-certs check [flags]

Asks every rule about the live cluster, and looks at what rules cannot see: what identity really signs
with, a control plane older than its bundle, which proxies hold which anchors, every copy of the bundle,
the webhooks' certificates, and what happens next if nobody does anything.

  --fail-on error|warning|never  from where on the exit code is 2 (error)
  --min-anchor-ttl TIME|SHARE    when an anchor expires "soon": 60d before its end, or 20% of its lifetime (20%, at most 60d)
  --min-issuer-ttl TIME|SHARE    the same for the issuer (20%, at most 60d)
  --proxy any|NAMESPACE/POD      asks a proxy for its certificate: the surest sign of what identity signs with
  --wait TIME                    asks again until nothing fails any more, at most this long

  -o, --output ${outputs.join("|")}
                                 short shows only what is wrong, wide shows all (table)
With --context more than once, the clusters are compared: who trusts whom, who lacks which anchor.

Examples:
  kubectl linkerd-certs check -o short --fail-on warning
  kubectl linkerd-certs check --context east --context west
  kubectl linkerd-certs check --min-anchor-ttl 90d -o junit > trust.xml

${exitCodesHelp({
  ok: "nothing at or above --fail-on",
  failed: "the cluster, or a part that rules are about, could not be read",
  found: "something was found, at or above --fail-on",
  notInTime: "--wait was over before it was well",
  usage: "the flags do not fit",
})}`,
  options: {
    "fail-on": { type: "string", default: "error" },
    "min-anchor-ttl": { type: "string" },
    "min-issuer-ttl": { type: "string" },
    wait: { type: "string" },
    proxy: { type: "string" },
    // linkerd hands these on to its extensions; they change nothing here.
    namespace: { type: "string", short: "n" },
    "api-addr": { type: "string" },
  },
  tolerates: ["namespace", "api-addr"],
  takes: ["cluster", "output"],

  async run(args, world) {
    const options = checkOptions(args);
    const asked = world.calledAs === "linkerd-certs" && options.output === "json";
    // linkerd waits by itself for what may come; a certificate does not mend itself in five minutes.
    const waits = options.waitMs !== undefined && !asked;
    const run = waits ? await waitUntilWell(world, options) : await lookOnce(world, options);
    const code = codeOf(run, options);
    if (asked) {
      world.stdout.write(`${JSON.stringify(checkExtension(run), undefined, 2)}\n`);
      return code;
    }
    const [only] = run.clusters;
    if (run.clusters.length === 1 && only?.failure !== undefined)
      throw new Failure(only.failure.message, only.failure.hint);
    tellUnread(run, world);
    const apart = countSuppressed(run);
    if (apart > 0)
      world.stderr.write(
        `linkerd-certs: note: ${apart} ${apart === 1 ? "finding is" : "findings are"} suppressed\n`,
      );
    world.stdout.write(render(run, options, world));
    return waits && code !== exitCodes.ok ? exitCodes.notInTime : code;
  },
};

function render(run: CheckRun, { output, failOn, colour }: CheckOptions, world: World): string {
  switch (output) {
    case "json":
      return `${JSON.stringify(checkJson(run), undefined, 2)}\n`;
    case "yaml":
      return stringify(JSON.parse(JSON.stringify(checkJson(run))));
    case "junit":
      return junit(checkSuites(run), failOn === "warning" ? "warning" : "error");
    case "sarif":
      return sarif(checkSuites(run));
    case "github":
      return github(checkSuites(run));
    default:
      return checkTable(run, styleOf(world.stdout, world.env, colour), output);
  }
}

// What was found counts more than what could not be looked at: the first is certain.
function codeOf(run: CheckRun, { failOn }: CheckOptions): ExitCode {
  const result = resultOf(run);
  const fails = result === "error" || (result === "warning" && failOn === "warning");
  if (failOn !== "never" && fails) return exitCodes.found;
  const blind = run.clusters.some(
    ({ failure, assessment }) =>
      failure !== undefined || assessment?.survey.unreadable.some(({ core }) => core),
  );
  return blind ? exitCodes.failed : exitCodes.ok;
}

function tellUnread({ clusters }: CheckRun, { stderr }: World): void {
  for (const { name, assessment } of clusters) {
    const where = clusters.length > 1 ? `${name}: ` : "";
    for (const { what, reason, hint, core } of assessment?.survey.unreadable ?? []) {
      const weight = core ? "warning" : "note";
      stderr.write(`linkerd-certs: ${weight}: ${where}${what} cannot be read: ${reason}\n`);
      stderr.write(`linkerd-certs: hint: ${hint}\n`);
    }
  }
}

const againMs = 5_000;

/** Looks again and again; a line on stderr for each change. */
async function waitUntilWell(world: World, options: CheckOptions): Promise<CheckRun> {
  const end = performance.now() + (options.waitMs ?? 0);
  let told = "";
  for (;;) {
    const run = await lookOnce(world, options);
    const wrong = wrongIn(run).join("; ");
    const left = end - performance.now();
    if (codeOf(run, options) === exitCodes.ok || left <= 0 || world.interrupted.aborted) return run;
    if (wrong !== told) world.stderr.write(`${moment(world.clock())} waiting: ${wrong}\n`);
    told = wrong;
    await pause(Math.min(againMs, left), world.interrupted);
  }
}

function wrongIn({ clusters, comparison }: CheckRun): string[] {
  const checks = [
    ...clusters.flatMap(({ assessment }) => assessment?.groups ?? []).flatMap((group) => group.checks),
    ...(comparison?.checks ?? []),
  ];
  return [
    ...clusters.flatMap(({ failure }) => (failure === undefined ? [] : [failure.message])),
    ...checks.filter(({ result }) => result === "error" || result === "warning").map(({ id }) => id),
  ];
}
