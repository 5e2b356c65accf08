import { Failure } from "../../cluster/failure.ts";
import { distinct } from "../../trust/judgements.ts";
import { moment } from "../../trust/naming.ts";
import {
  type Certificate,
  certificatePem,
  type Fingerprint,
  verifyIssuerAsProxy,
} from "../../trust/x509/index.ts";
import { type Command, UsageError } from "../command.ts";
import { exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { clusterDoor } from "../material/door.ts";
import { inspectSurvey } from "../material/inspect-cluster.ts";
import { certificateMode, replaceFile } from "../material/write.ts";
import { oneLine } from "../render/certificate.ts";
import type { Survey } from "../survey/types.ts";

export const recoverAnchor: Command = {
  name: "recover anchor",
  summary: "Rebuilds a bundle file from what the cluster still holds",
  help: `Usage: kubectl linkerd-certs recover anchor [-o FILE] [flags]

For when the anchor's files are gone: collects every anchor from the trust
bundle's ConfigMap, running proxies, linkerd-config, the issuer's Secret and
trust-manager's sources, and says where each was found. Certificates only: a
key that is lost is lost, and a new anchor is made with create anchor.
An anchor that is not in the live bundle may have been dropped on purpose.

  --drop-expired           leaves out what has expired
  --live-only              takes only what the live bundle holds
  -o, --output FILE        writes a file (standard output)

${exitCodesHelp({
  ok: "everything was looked at, and anchors were found",
  failed: "nothing was found, or a part could not be read; what was found is written",
  usage: "the flags do not fit",
})}`,
  options: {
    output: { type: "string", short: "o" },
    "drop-expired": { type: "boolean" },
    "live-only": { type: "boolean" },
  },
  takes: ["cluster"],

  async run(args, world) {
    if (args.positionals.length > 0) throw new UsageError(`recover anchor takes no ${args.positionals[0]}`);
    const door = clusterDoor(args, world);
    try {
      const { survey } = await import("../survey/survey.ts");
      const seen = await survey(await door.cluster(), {
        namespace: args.text("linkerd-namespace") ?? "linkerd",
        timeoutMs: door.timeoutMs,
        clock: world.clock,
        signal: world.interrupted,
      });
      const anchors = collect(seen, args.flag("live-only")).filter(
        ({ notAfter }) => !args.flag("drop-expired") || notAfter >= seen.at,
      );
      if (anchors.length === 0)
        throw new Failure(`${seen.cluster} holds no anchor any more`, "Make a new one with: create anchor.");
      world.stderr.write(report(seen, anchors));
      const text = anchors.map(certificatePem).join("");
      const output = args.text("output") ?? "-";
      if (output === "-") world.stdout.write(text);
      else {
        replaceFile({ path: output, content: text, mode: certificateMode }, world);
        world.stderr.write(`wrote ${output}\n`);
      }
      return seen.unreadable.some(({ core }) => core) ? exitCodes.failed : exitCodes.ok;
    } finally {
      door.close();
    }
  },
};

/** The live bundle's first, as it has them. */
function collect({ facts, places, holdings }: Survey, liveOnly: boolean): readonly Certificate[] {
  const live = facts.bundle?.anchors ?? [];
  if (liveOnly) return distinct(live);
  const elsewhere = [...holdings, ...places].flatMap(({ anchors }) => anchors);
  return distinct([...live, ...elsewhere.filter(isAnchor)]);
}

function isAnchor({ basicConstraints, version, subject, issuer }: Certificate): boolean {
  return (basicConstraints?.ca ?? version === 1) && subject === issuer;
}

function report(survey: Survey, anchors: readonly Certificate[]): string {
  const { facts, at, unreadable } = survey;
  const { places } = inspectSurvey(survey);
  const live = new Set<Fingerprint>(facts.bundle?.anchors.map(({ fingerprint }) => fingerprint));
  const lines = anchors.flatMap((anchor) => [
    oneLine(anchor),
    ...(places.get(anchor.fingerprint) ?? []).map((place) => `  in ${place}`),
    ...(live.has(anchor.fingerprint) ? [] : ["  not in the live bundle: was it dropped on purpose?"]),
    ...(anchor.notAfter < at ? [`  expired at ${moment(anchor.notAfter)}`] : []),
  ]);
  const unseen = unreadable.map(({ what, reason }) => `not looked at: ${what}: ${reason}`);
  return [...lines, ...verdict(survey, anchors), ...unseen].map((line) => `${line}\n`).join("");
}

function verdict({ facts: { issuer }, at }: Survey, anchors: readonly Certificate[]): readonly string[] {
  if (issuer === undefined) return [];
  const { ok, reason } = verifyIssuerAsProxy([issuer.certificate, ...issuer.intermediates], anchors, at, []);
  return [ok ? "these verify the live issuer" : `these do not verify the live issuer: ${reason}`];
}
