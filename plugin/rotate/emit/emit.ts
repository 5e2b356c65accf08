import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure } from "../../../cluster/failure.ts";
import type { IssuerMaterial } from "../../../cluster/rotation/perform/context.ts";
import { distinct } from "../../../trust/judgements.ts";
import { named } from "../../../trust/naming.ts";
import { without } from "../../../trust/rotation/anchors.ts";
import type { AnchorGoal } from "../../../trust/rotation/goal.ts";
import type { Stage } from "../../../trust/rotation/stage.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import { makeFolder } from "../../material/folder.ts";
import { certificateMode, keyMode, replaceFile } from "../../material/write.ts";
import type { World } from "../../world.ts";
import { goalWords } from "../goals.ts";
import { bundleManifests, issuerManifest, mark } from "./manifests.ts";

export interface ToEmit {
  readonly folder: string;
  readonly namespace: string;
  readonly goal: AnchorGoal;
  readonly stage: Stage;
  /** The old anchor may go: here, and in all other clusters of the rotation. */
  readonly drops: boolean;
  /** What the bundle holds now. */
  readonly live: readonly Certificate[];
  readonly scheme: "linkerd.io/tls" | "kubernetes.io/tls";
  /** Undefined where it is not wanted, or not its time yet. */
  readonly issuer?: IssuerMaterial;
}

/** Writes what to commit for the stage a mesh is in; says what it is, a line each. Nothing of somebody else's is overwritten. */
export function emit(wanted: ToEmit, world: World): readonly string[] {
  const { folder, namespace, goal, stage, scheme, issuer } = wanted;
  const anchors = anchorsFor(wanted);
  const files = bundleManifests(anchors, namespace, goalWords(goal));
  insistOurs(
    folder,
    files.map(({ name }) => name),
    world,
  );
  makeFolder(folder, world);
  const said = files.map(({ name, content, what }) => {
    replaceFile({ path: join(folder, name), content, mode: certificateMode }, world);
    return `wrote ${join(folder, name)}: ${what}`;
  });
  const head = `the bundle for ${stage}: ${anchors.map(named).join(", ")}`;
  return [
    head,
    ...said,
    ...(issuer === undefined ? [] : [emitIssuer(folder, namespace, scheme, issuer, goal, world)]),
  ];
}

/** Both anchors until no leaf of the old one is left; then the old one goes. */
function anchorsFor({ drops, live, goal: { incoming, outgoing } }: ToEmit): readonly Certificate[] {
  const both = distinct([...live, ...incoming]);
  return drops ? without(both, without(outgoing, incoming)) : both;
}

function emitIssuer(
  folder: string,
  namespace: string,
  scheme: ToEmit["scheme"],
  issuer: IssuerMaterial,
  { incoming }: AnchorGoal,
  world: World,
): string {
  const path = join(folder, "issuer-secret.yaml");
  if (existsSync(resolve(world.cwd, path)))
    return `${path} is there already, holds a key, and is left as it is`;
  const content = issuerManifest(issuer, scheme, namespace, incoming);
  replaceFile({ path, content, mode: keyMode }, world);
  return `wrote ${path}: the issuer with its key; seal it (SOPS, Sealed Secrets) before you commit it, then delete this file`;
}

/** Files of the same name that somebody else has written stay, and then nothing is written. */
function insistOurs(folder: string, names: readonly string[], { cwd }: World): void {
  for (const name of names) {
    const place = resolve(cwd, folder, name);
    if (existsSync(place) && !readFileSync(place, "utf8").startsWith(mark))
      throw new Failure(
        `${join(folder, name)} is there already, and was not written by this command`,
        "Name another folder; nothing was written.",
      );
  }
}
