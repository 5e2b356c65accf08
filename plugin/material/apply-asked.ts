import type { Cluster } from "../../cluster/connect.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { Finding } from "../../trust/judge.ts";
import { insteadOf } from "../../trust/owners/what-instead.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { World } from "../world.ts";
import { type Live, type Request, type Written, writeBundle } from "./apply.ts";
import { judgeBundle } from "./judge-bundle.ts";
import { canAsk, confirm } from "./prompt.ts";

export interface Asked extends Request {
  readonly cluster: Cluster;
  /** Takes the bundle over from other field managers. */
  readonly force: boolean;
  /** kubectl's words: none, client, server. */
  readonly dryRun: string;
  /** Not to be asked. */
  readonly yes: boolean;
}

/** Writes the live bundle once somebody has said yes, and says what became of it. */
export async function writeLive(text: string, live: Live, asked: Asked, world: World): Promise<ExitCode> {
  const { stderr } = world;
  const { cluster, namespace, dryRun } = asked;
  const what = `ConfigMap ${namespace}/${trustRootsName}`;
  if (text.trim() === live.text.trim())
    return say(stderr, `${what} holds this bundle already; nothing is written`);
  const owned = tellOwners(live, asked.force, what, stderr);
  if (owned !== undefined) return owned;
  const judged = await tellVerdict(text, live, asked, world);
  if (judged !== undefined) return judged;
  if (dryRun === "client") return say(stderr, `${what} would be written (client dry run)`);
  if (dryRun === "none" && !asked.yes) {
    if (!canAsk(world)) return refuse(stderr, `${what} is not written without a yes`, "Add --yes.");
    if (!(await confirm(`Write ${what} in ${cluster.describe}?`, world)))
      return refuse(stderr, "not confirmed; nothing was written", "Look again with: --dry-run server.");
  }
  const written = await writeBundle(cluster, {
    ...asked,
    text,
    version: live.version,
    dryRun: dryRun === "server",
  });
  if (written.outcome !== "written") return refused(written, stderr);
  if (dryRun === "server") return say(stderr, `${what} would be written (server dry run)`);
  const restart = `kubectl -n ${namespace} rollout restart deploy`;
  return say(stderr, `wrote ${what}\nnext: identity reads the bundle only when it starts: ${restart}`);
}

/** Stops where the write would be for nothing; warns where the next upgrade undoes it. */
function tellOwners(
  { owners }: Live,
  force: boolean,
  what: string,
  stderr: World["stderr"],
): ExitCode | undefined {
  for (const owner of owners) {
    const { sentence, remedy, undoneBy } = insteadOf(owner, "bundle");
    const told = `${what} has an owner: ${sentence} (${owner.evidence})`;
    if (undoneBy === "soon" && !force)
      return refuse(stderr, told, `${remedy} Where its owner sleeps: --force-conflicts.`);
    stderr.write(`linkerd-certs: warning: ${told}\nlinkerd-certs: hint: ${remedy}\n`);
  }
  return undefined;
}

/** Stops where the guard's rules are against it, whether a guard is there to say so or not. */
async function tellVerdict(
  text: string,
  live: Live,
  asked: Asked,
  world: World,
): Promise<ExitCode | undefined> {
  const { stderr } = world;
  const { denied, overridden, unseen } = await judgeBundle(asked.cluster, text, {
    ...asked,
    now: world.clock(),
  });
  const told = ({ rule, message }: Finding) => `${message} [${rule.id}]\n`;
  for (const what of unseen)
    stderr.write(`linkerd-certs: warning: what this would break is not all known: ${what}\n`);
  for (const one of overridden)
    stderr.write(`linkerd-certs: warning: let pass by its annotation: ${told(one)}`);
  for (const one of denied)
    stderr.write(`linkerd-certs: error: ${told(one)}linkerd-certs: hint: ${one.rule.remedy}\n`);
  if (denied.length === 0) return undefined;
  stderr.write("Nothing was written. What a rule means: explain RULE.\n");
  // In an outage somebody knows better; the guard goes by the same annotation.
  const rules = [...new Set(denied.map(({ rule }) => rule.id))].join();
  const annotate = `kubectl -n ${asked.namespace} annotate configmap/${trustRootsName} --overwrite`;
  if (live.version !== undefined)
    stderr.write(`To let it pass in an emergency: ${annotate} linkerd-certs.io/allow=${rules}\n`);
  return exitCodes.found;
}

function refused(written: Exclude<Written, { outcome: "written" }>, stderr: World["stderr"]): ExitCode {
  const { outcome, message } = written;
  switch (outcome) {
    case "denied":
      refuse(stderr, message, "What a rule means: explain RULE. Nothing was written.");
      return exitCodes.found;
    case "conflict":
      return refuse(
        stderr,
        message,
        "Change it where its owner takes it from, or take it over with --force-conflicts.",
      );
    case "changed":
      return refuse(stderr, `somebody else has written meanwhile: ${message}`, "Look at the diff again.");
  }
}

function say(stderr: World["stderr"], text: string): ExitCode {
  stderr.write(`${text}\n`);
  return exitCodes.ok;
}

function refuse(stderr: World["stderr"], message: string, hint: string): ExitCode {
  stderr.write(`linkerd-certs: error: ${message}\nlinkerd-certs: hint: ${hint}\n`);
  return exitCodes.refused;
}
