import { Failure } from "../../cluster/failure.ts";
import { type Arguments, type Command, UsageError } from "../command.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { certificateMode, replaceFile } from "../material/write.ts";
import { fileName } from "../report/file-name.ts";
import { isReport, page } from "../report/page.ts";
import { verdictOf } from "../report/verdict.ts";
import type { CheckRun } from "../survey/assessment.ts";
import { lookOnce } from "../survey/run.ts";
import type { World } from "../world.ts";
import { checkOptions } from "./check-options.ts";

export const report: Command = {
  name: "report",
  summary: "Writes all that check sees as one HTML page, to be kept, sent or printed",
  help: `Usage: kubectl linkerd-certs report [--context NAME]... [-o FILE|-] [flags]

What is wrong and the commands that mend it, what happens next on a timeline, the trust tree, who trusts
what, every place of the bundle, the webhooks' certificates, and each question with its answer. One file
without scripts, which loads nothing; no private key is in it.

  -o, --output FILE        where to; - is standard output (linkerd-trust-CLUSTER-DATE.html)
                           an older report is replaced, and nothing else

With --context more than once, the clusters are compared.

Examples:
  kubectl linkerd-certs report
  kubectl linkerd-certs report --context east --context west -o trust.html

${exitCodesHelp({
  ok: "written, whatever it says; check is for scripts",
  failed: "the cluster could not be read, or the file not be written",
  usage: "the flags do not fit",
})}`,
  options: {
    output: { type: "string", short: "o" },
  },
  takes: ["cluster"],

  async run(args, world) {
    const run = await lookOnce(world, runOptions(args));
    const [only] = run.clusters;
    if (run.clusters.length === 1 && only?.failure !== undefined)
      throw new Failure(only.failure.message, only.failure.hint);
    const now = world.clock();
    const content = page(run, now);
    const path = args.text("output") ?? fileName(run, now);
    if (path === "-") world.stdout.write(content);
    else {
      replaceFile({ path, content, mode: certificateMode, replaces: isReport }, world);
      world.stderr.write(`wrote ${path}: ${verdictOf(run).sentence}\n`);
    }
    return tellFailures(run, world);
  },
};

// Here -o names a file; everything else is as for check.
function runOptions(args: Arguments) {
  if (args.positionals.length > 0) throw new UsageError(`report takes no ${args.positionals[0]}`);
  return checkOptions({ ...args, text: (name) => (name === "output" ? undefined : args.text(name)) });
}

/** It is in the page too; but whoever runs this in a script sees no page. */
function tellFailures({ clusters }: CheckRun, { stderr }: World): ExitCode {
  const failed = clusters.filter(({ failure }) => failure !== undefined);
  for (const { name, failure } of failed)
    stderr.write(`linkerd-certs: warning: ${name}: ${failure?.message}\n`);
  return failed.length > 0 ? exitCodes.failed : exitCodes.ok;
}
