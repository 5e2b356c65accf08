import { Failure } from "../../cluster/failure.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import { named } from "../../trust/naming.ts";
import { certificatePem } from "../../trust/x509/index.ts";
import { type Arguments, type Command, UsageError } from "../command.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { fingerprintBeginnings } from "../fingerprint-beginnings.ts";
import { type Live, readLive } from "../material/apply.ts";
import { writeLive } from "../material/apply-asked.ts";
import { clusterDoor, type Door } from "../material/door.ts";
import { openInputs } from "../material/inputs.ts";
import { mergeAnchors } from "../material/merge.ts";
import type { Material } from "../material/open.ts";
import { canAsk } from "../material/prompt.ts";
import { certificateMode, replaceFile } from "../material/write.ts";
import { colourChoices, styleOf } from "../render/colour.ts";
import { counted } from "../render/counted.ts";
import { mergeDiff } from "../render/inspect-merge.ts";
import type { World } from "../world.ts";

export const bundle: Command = {
  name: "bundle",
  summary: "Merges trust bundles without losing an anchor, and writes them to a file or the cluster",
  help: `Usage: kubectl linkerd-certs bundle [FILE|DIR|-|secret/NAME|configmap/NAME]... [flags]

Reads every block of every input and writes each anchor once. What is damaged
is named, and then nothing is written. The bundle goes to standard output.

  --live                   takes the live bundle in as well
  --from-context NAME      takes in another cluster's live bundle; may be repeated
  -n, --namespace NAME     of the Secrets and ConfigMaps named (Linkerd's own)
  --drop-expired           leaves out what has expired
  --drop FINGERPRINT       leaves out this anchor: 8 digits of it, or more; may be repeated
  --against-live           refuses to lose an anchor of the live bundle; --apply does so always
  -o, --output FILE        writes a file, whole or not at all (standard output)
  --apply                  writes ConfigMap ${trustRootsName} (server-side apply), after a diff, the
                           guard's rules, whether it is installed or not, and a question
  --force-conflicts        takes it over from others who write it. Without it, nothing is written that
                           Argo CD, Flux or trust-manager would undo: it is said what to do there instead
  --offline                asks no cluster, whatever the words say; what needs one fails

Examples:
  kubectl linkerd-certs bundle old.crt new.crt -o bundle.crt
  kubectl linkerd-certs bundle --live new.crt --apply
  kubectl linkerd-certs bundle --live --drop 3f9a1c02 --apply --dry-run server

${exitCodesHelp({
  ok: "merged, and written where that was asked for",
  failed: "an input or the cluster could not be read, or the file not be written",
  found: "an anchor of the live bundle would be lost, or a rule of the guard's is against it",
  refused: "not confirmed; --yes is needed without a terminal; or somebody else owns the ConfigMap",
  usage: "the flags do not fit",
})}`,
  options: {
    live: { type: "boolean" },
    "from-context": { type: "string", multiple: true },
    namespace: { type: "string", short: "n" },
    "drop-expired": { type: "boolean" },
    drop: { type: "string", multiple: true },
    "against-live": { type: "boolean" },
    output: { type: "string", short: "o" },
    apply: { type: "boolean" },
    "force-conflicts": { type: "boolean" },
    offline: { type: "boolean" },
  },
  takes: ["cluster", "write"],

  async run(args, world) {
    const door = clusterDoor(args, world);
    try {
      return await run(args, door, world);
    } finally {
      door.close();
    }
  },
};

async function run(args: Arguments, door: Door, world: World): Promise<ExitCode> {
  const apply = insistSense(args, world);
  const namespace = args.text("linkerd-namespace") ?? "linkerd";
  const request = { namespace, timeoutMs: door.timeoutMs, signal: world.interrupted };
  const wantsLive = apply || args.flag("live") || args.flag("against-live");
  const live = wantsLive ? await readLive(await door.cluster(), request) : undefined;
  const guarded = apply || args.flag("against-live") ? live : undefined;
  const materials = await openAll(args, live, door, world);
  const drop = args.texts("drop").map((prefix) => insistOne(prefix, materials, live));
  const merge = mergeAnchors(materials, {
    now: world.clock(),
    dropExpired: args.flag("drop-expired"),
    drop,
    ...(guarded === undefined ? {} : { live: guarded.material.found.map(({ certificate }) => certificate) }),
  });
  const colour = colourChoices.find((one) => one === args.text("color"));
  world.stderr.write(mergeDiff(merge, styleOf(world.stderr, world.env, colour)));
  if (merge.anchors.length === 0)
    throw new Failure("no anchor is left for the bundle", "Name files that hold anchors, or drop less.");
  if (merge.lost.length > 0) {
    const names = merge.lost.map(named).join(", ");
    const way = `Add the live bundle with --live; what shall really go is named: --drop ${merge.lost[0]?.fingerprint.slice(0, 8)}.`;
    world.stderr.write(
      `linkerd-certs: error: the live bundle would lose ${names}\nlinkerd-certs: hint: ${way}\n`,
    );
    return exitCodes.found;
  }
  const text = merge.anchors.map(certificatePem).join("");
  const output = args.text("output");
  if (output !== undefined && output !== "-") {
    replaceFile({ path: output, content: text, mode: certificateMode }, world);
    world.stderr.write(`wrote ${output}: ${counted(merge.anchors.length, "anchor")}\n`);
  } else if (!apply) world.stdout.write(text);
  if (guarded === undefined || !apply) return exitCodes.ok;
  return writeLive(
    text,
    guarded,
    {
      ...request,
      cluster: await door.cluster(),
      force: args.flag("force-conflicts"),
      dryRun: args.text("dry-run") ?? "none",
      yes: args.flag("yes"),
    },
    world,
  );
}

/** What can be said before anything is read; whether to apply. */
function insistSense(args: Arguments, world: World): boolean {
  const dryRun = args.text("dry-run") ?? "none";
  if (!["none", "client", "server"].includes(dryRun))
    throw new UsageError(`--dry-run ${dryRun}: must be none, client or server`);
  const sources = args.positionals.length + args.texts("from-context").length + (args.flag("live") ? 1 : 0);
  if (sources === 0)
    throw new UsageError("bundle takes files, folders, -, objects, --live or --from-context");
  fingerprintBeginnings(args, "drop");
  const apply = args.flag("apply");
  if (apply && dryRun === "none" && !args.flag("yes") && args.positionals.includes("-") && canAsk(world))
    throw new UsageError("standard input cannot be read and asked at once; add --yes, or name a file");
  return apply;
}

async function openAll(
  args: Arguments,
  live: Live | undefined,
  door: Door,
  world: World,
): Promise<readonly Material[]> {
  const linkerdNamespace = args.text("linkerd-namespace") ?? "linkerd";
  const places = { namespace: args.text("namespace") ?? linkerdNamespace, linkerdNamespace };
  const materials: Material[] = args.flag("live") && live ? [live.material] : [];
  if (args.flag("live") && live?.version === undefined)
    throw new Failure(
      `there is no ConfigMap ${linkerdNamespace}/${trustRootsName}`,
      "Leave --live out: there is no anchor to lose. What the cluster still holds: recover anchor.",
    );
  for (const context of args.texts("from-context")) {
    const request = { namespace: linkerdNamespace, timeoutMs: door.timeoutMs, signal: world.interrupted };
    const { material } = await readLive(await door.cluster(context), request);
    const name = `context ${context}, ${material.source.name}`;
    const found = material.found.map((one) => ({ ...one, source: name }));
    if (found.length === 0)
      throw new Failure(`${name} holds no anchor`, "Check the context, and Linkerd's namespace with -L.");
    materials.push({ ...material, found, source: { ...material.source, name } });
  }
  materials.push(...(await openInputs(args.positionals, places, door, world)));
  const [bad, ...more] = materials.flatMap(({ source, unreadable }) =>
    unreadable.map(({ line, what }) => `${source.name}, line ${line}: ${what}`),
  );
  if (bad !== undefined) {
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    throw new Failure(
      `${bad}${others}`,
      "Mend it or leave it out; look at it with: inspect. Nothing was written.",
    );
  }
  for (const { source, found } of materials)
    if (found.length === 0 && !source.mixed)
      throw new Failure(
        `${source.name} holds no certificate`,
        "Name what holds anchors. Nothing was written.",
      );
  return materials;
}

function insistOne(prefix: string, materials: readonly Material[], live: Live | undefined): string {
  const all = [...materials.flatMap(({ found }) => found), ...(live?.material.found ?? [])];
  const matches = new Set(
    all.map(({ certificate }) => certificate.fingerprint).filter((one) => one.startsWith(prefix)),
  );
  if (matches.size === 1) return prefix;
  throw new UsageError(
    `--drop ${prefix}: ${matches.size === 0 ? "no anchor" : "more than one anchor"} begins so`,
  );
}
