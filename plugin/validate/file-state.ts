import { Failure } from "../../cluster/failure.ts";
import { openInstallConfig } from "../../trust/gather/install-config.ts";
import type { Target } from "../../trust/judge-change.ts";
import { called, type JsonObject, type Manifest } from "../manifest/manifest.ts";
import type { Reading } from "../manifest/read.ts";
import { applied, placed } from "./apply.ts";
import type { Guarded } from "./place.ts";
import { isInstallConfig, targetOf } from "./predict.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";

/** Other manifests as the state before. What they do not hold was not looked at. */
export function fileState(name: string, { manifests, unreadable }: Reading, namespace: string, now: Date) {
  const [broken] = unreadable;
  if (broken !== undefined) {
    const { file, line } = broken.place;
    throw new Failure(`${file}:${line}: ${broken.message}`, "Name readable manifests with --against.");
  }
  const last = (target: Target) => manifests.findLast((one) => targetOf(one, namespace) === target);
  const guarded: Guarded = { "trust-roots": last("trust-roots"), issuer: last("issuer") };
  const config = manifests.findLast((one) => isInstallConfig(one, namespace));
  const settledAs = (kind: "ConfigMap" | "Secret", one: Manifest | undefined) =>
    one && settled(one, kind, namespace, now);
  const values = settledAs("ConfigMap", config);
  const state: State = {
    describe: name,
    objects: {
      "trust-roots": settledAs("ConfigMap", guarded["trust-roots"]),
      issuer: settledAs("Secret", guarded.issuer),
    },
    ...(values === undefined ? {} : { install: openInstallConfig(values) }),
    meshUnseen: `${name} shows no pods`,
  };
  return { state, guarded };
}

// As if kubectl had applied them: then it knows which fields are no longer there.
function settled(manifest: Manifest, kind: "ConfigMap" | "Secret", namespace: string, now: Date): JsonObject {
  const object = settle(kind, applied(placed(manifest, namespace), undefined, now) ?? manifest.object);
  if (!("path" in object)) return { ...object };
  const { file, line } = manifest.place;
  throw new Failure(
    `${file}:${line}: no API server holds this ${called(manifest)}: ${object.message}`,
    "Name a state that can be with --against.",
  );
}
