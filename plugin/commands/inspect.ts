import { Failure } from "../../cluster/failure.ts";
import { readOne } from "../../cluster/read.ts";
import { issuerSecretName, openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import type { Secret } from "../../trust/gather/objects.ts";
import { type Certificate, certificatePem, verifyIssuerAsProxy } from "../../trust/x509/index.ts";
import { type Arguments, type Command, UsageError } from "../command.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { clusterDoor, type Door } from "../material/door.ts";
import { openInputs } from "../material/inputs.ts";
import { inspectSurvey } from "../material/inspect-cluster.ts";
import { type Inspection, inspectMaterials } from "../material/inspection.ts";
import { objectName } from "../material/objects.ts";
import type { Material } from "../material/open.ts";
import { oneOf } from "../one-of.ts";
import { type ColourChoice, colourChoices, styleOf } from "../render/colour.ts";
import { inspectJson } from "../render/inspect-json.ts";
import { flat, inspectText } from "../render/inspect-text.ts";
import { inspectTree } from "../render/inspect-tree.ts";
import { placeJson, placesTable } from "../render/places.ts";
import { svgTree } from "../render/svg-tree.ts";
import type { Survey } from "../survey/types.ts";
import type { World } from "../world.ts";

const formats = ["tree", "text", "json", "pem", "svg"] as const;
type Format = (typeof formats)[number];

export const inspect: Command = {
  name: "inspect",
  summary: "Shows certificates as a tree of trust: files, folders, objects, or the cluster's own",
  help: `Usage: kubectl linkerd-certs inspect [FILE|DIR|-|secret/NAME|configmap/NAME|pod/NAME]... [flags]

Without a name: what the cluster trusts. - is standard input. PEM, DER and
manifests are read; of every block is said what Linkerd would make of it.
Private keys are never shown.

Roles: active, in use now; incoming, nothing is signed by it yet; outgoing,
replaced, but what it signed may still be in use; unused, it can go.

  -o, --output tree|text|json|pem|svg  text says everything, pem is the certificates, svg a picture (tree)
  --format tree|text|json|pem|svg  the same as --output
  --proxy any|NAMESPACE/POD  without a name: asks a proxy for the leaf that it serves
  --where                  without a name: every place of the cluster where anchors live, who writes each
                           again, and who reads it; as tree or json
  -n, --namespace NAME     the named object's (Linkerd's own)
  --offline                asks no cluster, whatever the words say; what needs one fails

Examples:
  kubectl linkerd-certs inspect
  kubectl linkerd-certs inspect --where
  kubectl linkerd-certs inspect ca.crt issuer.crt
  kubectl linkerd-certs inspect pod/web-6c9f4 -n shop --format svg > trust.svg

${exitCodesHelp({
  ok: "all of it was read",
  failed: "something could not be read; what could is shown",
  usage: "the flags do not fit",
})}`,
  options: {
    format: { type: "string" },
    offline: { type: "boolean" },
    namespace: { type: "string", short: "n" },
    where: { type: "boolean" },
    proxy: { type: "string" },
  },
  takes: ["cluster", "output"],

  async run(args, world) {
    const format = oneOf("format", formats, args.text("format") ?? args.text("output") ?? "tree");
    const colour = oneOf("color", colourChoices, args.text("color") ?? "auto");
    const door = clusterDoor(args, world);
    try {
      if (args.flag("where")) return await where(args, format, door, world);
      const inspection = await look(args, door, world);
      world.stdout.write(render(inspection, format, colour, world));
      const problems = inspection.remarks.filter(({ level }) => level === "problem");
      if (format === "pem" || format === "svg")
        for (const { place, line, text } of problems)
          world.stderr.write(`${place}${line === undefined ? "" : `, line ${line}`}: ${text}\n`);
      return problems.length === 0 ? exitCodes.ok : exitCodes.failed;
    } finally {
      door.close();
    }
  },
};

async function look(args: Arguments, door: Door, world: World): Promise<Inspection> {
  const linkerdNamespace = args.text("linkerd-namespace") ?? "linkerd";
  const words = args.positionals;
  const proxy = args.text("proxy");
  if (words.length === 0) return inspectSurvey(await surveyed(linkerdNamespace, door, world, proxy));
  if (proxy !== undefined) throw new UsageError("--proxy is for the whole cluster; name a pod as pod/NAME");
  const namespace = args.text("namespace") ?? linkerdNamespace;
  const materials = await openInputs(words, { namespace, linkerdNamespace }, door, world);
  const now = world.clock();
  const [word = ""] = words;
  if (words.length === 1 && objectName(word, namespace)?.kind === "Pod")
    return inspectPod(materials, linkerdNamespace, door, world);
  const title = words.map((one) => (one === "-" ? "standard input" : one)).join(", ");
  return inspectMaterials(title, materials, { now });
}

async function surveyed(namespace: string, door: Door, world: World, proxy?: string): Promise<Survey> {
  const { survey } = await import("../survey/survey.ts");
  const { clock, interrupted: signal } = world;
  const asked = proxy === undefined ? {} : { proxy };
  return survey(await door.cluster(), { namespace, timeoutMs: door.timeoutMs, clock, signal, ...asked });
}

async function where(args: Arguments, format: Format, door: Door, world: World): Promise<ExitCode> {
  if (args.positionals.length > 0) throw new UsageError("--where looks at the cluster, and takes no name");
  if (format !== "tree" && format !== "json") throw new UsageError(`--where: there is no format ${format}`);
  const { places, unreadable } = await surveyed(args.text("linkerd-namespace") ?? "linkerd", door, world);
  const items = places.map(placeJson);
  const list = { apiVersion: "linkerd-certs.io/v1", kind: "PlaceList", items };
  world.stdout.write(format === "tree" ? placesTable(places) : `${JSON.stringify(list, undefined, 2)}\n`);
  for (const { what, reason, hint } of unreadable)
    world.stderr.write(
      `linkerd-certs: note: ${what} cannot be read: ${reason}\nlinkerd-certs: hint: ${hint}\n`,
    );
  return unreadable.some(({ core }) => core) ? exitCodes.failed : exitCodes.ok;
}

/** A pod's anchors, and what its proxy makes of the live issuer. */
async function inspectPod(
  materials: readonly Material[],
  namespace: string,
  door: Door,
  world: World,
): Promise<Inspection> {
  const now = world.clock();
  const anchors = materials.flatMap(({ found }) => found.map(({ certificate }) => certificate));
  const secret = `Secret ${namespace}/${issuerSecretName}`;
  const [issuer, ...chain] = await liveIssuer(namespace, door, world);
  const inspection = inspectMaterials(materials[0]?.source.name ?? "", materials, {
    now,
    anchors: new Set(anchors.map(({ fingerprint }) => fingerprint)),
    ...(issuer === undefined ? {} : { issuer: issuer.fingerprint, more: [issuer, ...chain] }),
  });
  if (issuer === undefined) {
    const text = "cannot be seen, so the roles are not known";
    return { ...inspection, remarks: [...inspection.remarks, { place: secret, text, level: "note" }] };
  }
  const places = new Map([...inspection.places, [issuer.fingerprint, [secret]]]);
  const { ok, reason = "" } = verifyIssuerAsProxy([issuer, ...chain], anchors, now, []);
  if (ok) return { ...inspection, places };
  return {
    ...inspection,
    places,
    remarks: [...inspection.remarks, { place: secret, text: reason, level: "warning" }],
  };
}

async function liveIssuer(namespace: string, door: Door, world: World): Promise<readonly Certificate[]> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${issuerSecretName}`;
  try {
    const options = { timeoutMs: door.timeoutMs, signal: world.interrupted };
    const body = await readOne(await door.cluster(), path, options);
    const { readings } = openIssuerSecret(body as Secret | undefined); // the path says so
    return (readings["linkerd.io/tls"] ?? readings["kubernetes.io/tls"])?.chain ?? [];
  } catch (error) {
    if (error instanceof Failure && error.status === 403) return [];
    throw error;
  }
}

function render(
  inspection: Inspection,
  format: Format,
  colour: ColourChoice,
  { stdout, env }: World,
): string {
  switch (format) {
    case "tree":
      return inspectTree(inspection, styleOf(stdout, env, colour));
    case "text":
      return inspectText(inspection, styleOf(stdout, env, colour));
    case "json":
      return inspectJson(inspection);
    case "pem":
      return flat(inspection.tree)
        .map(({ certificate }) => certificatePem(certificate))
        .join("");
    case "svg":
      return svgTree(inspection);
  }
}
