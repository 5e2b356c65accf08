import { Failure } from "../../cluster/failure.ts";
import { openInstallConfig } from "../../trust/gather/install-config.ts";
import type { Target } from "../../trust/judge-change.ts";
import { called, type JsonObject, type Manifest } from "../manifest/manifest.ts";
import type { Reading } from "../manifest/read.ts";
import type { Guarded } from "./place.ts";
import { isInstallConfig, targetOf } from "./predict.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";

/** Other manifests as the state before. What they do not hold was not looked at. */
export function fileState(name: string, { manifests, unreadable }: Reading, namespace: string) {
  const [broken] = unreadable;
  if (broken !== undefined) {
    const { file, line } = broken.place;
    throw new Failure(`${file}:${line}: ${broken.message}`, "Name readable manifests with --against.");
  }
  const last = (target: Target) => manifests.findLast((one) => targetOf(one, namespace) === target);
  const guarded: Guarded = { "trust-roots": last("trust-roots"), issuer: last("issuer") };
  const config = manifests.findLast((one) => isInstallConfig(one, namespace));
  const values = config && settled(config, "ConfigMap");
  const state: State = {
    describe: name,
    objects: {
      "trust-roots": guarded["trust-roots"] && settled(guarded["trust-roots"], "ConfigMap"),
      issuer: guarded.issuer && settled(guarded.issuer, "Secret"),
    },
    ...(values === undefined ? {} : { install: openInstallConfig(values) }),
    meshUnseen: `${name} shows no pods`,
  };
  return { state, guarded };
}

function settled(manifest: Manifest, kind: "ConfigMap" | "Secret"): JsonObject {
  const object = settle(kind, manifest.object);
  if (!("path" in object)) return { ...object };
  const { file, line } = manifest.place;
  throw new Failure(
    `${file}:${line}: no API server holds this ${called(manifest)}: ${object.message}`,
    "Name a state that can be with --against.",
  );
}
