import { Failure } from "../../cluster/failure.ts";
import { readOne } from "../../cluster/read.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { anchorsVariable, type Pod, proxyOf } from "../../trust/gather/proxy.ts";
import { bundleKey, trustRootsName } from "../../trust/gather/trust-roots.ts";
import { UsageError } from "../command.ts";
import type { World } from "../world.ts";
import type { Door } from "./door.ts";
import type { Source } from "./read.ts";

/** An object as words name it: secret/NAME, configmap/NAME, pod/NAME. */
export interface ObjectName {
  readonly kind: "Secret" | "ConfigMap" | "Pod";
  readonly name: string;
  readonly namespace: string;
}

const kinds: Readonly<Record<string, ObjectName["kind"]>> = {
  secret: "Secret",
  secrets: "Secret",
  configmap: "ConfigMap",
  configmaps: "ConfigMap",
  cm: "ConfigMap",
  pod: "Pod",
  pods: "Pod",
  po: "Pod",
};

const resources = { Secret: "secrets", ConfigMap: "configmaps", Pod: "pods" } as const;

/** Undefined for what is a path. */
export function objectName(word: string, namespace: string): ObjectName | undefined {
  const [, kind = "", name = ""] = /^([a-z]+)\/([^/]+)$/.exec(word) ?? [];
  const known = kinds[kind];
  if (known === undefined) return undefined;
  for (const part of [name, namespace])
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(part))
      throw new UsageError(`${word}: "${part}" is no name of Kubernetes; a file is named ./${word}`);
  return { kind: known, name, namespace };
}

const called = ({ kind, namespace, name }: ObjectName): string => `${kind} ${namespace}/${name}`;

/** What the object holds that may be certificates, part by part. */
export async function readObject(
  object: ObjectName,
  linkerdNamespace: string,
  door: Door,
  world: World,
): Promise<readonly Source[]> {
  const body = await getObject(object, door, world);
  if (object.kind === "Pod") return podSources(body as Pod, object, linkerdNamespace, door, world);
  return dataSources(body as ConfigMap | Secret, object);
}

async function getObject(object: ObjectName, door: Door, world: World): Promise<unknown> {
  const { kind, name, namespace } = object;
  const path = `/api/v1/namespaces/${namespace}/${resources[kind]}/${name}`;
  const cluster = await door.cluster();
  const options = { timeoutMs: door.timeoutMs, signal: world.interrupted };
  const body = await readOne(cluster, path, options);
  if (body !== undefined) return body;
  throw new Failure(
    `there is no ${called(object)} in ${cluster.describe}`,
    "Check its name, -n and --context.",
  );
}

/** Each key of a ConfigMap or a Secret. */
export function dataSources(body: ConfigMap | Secret, object: ObjectName): Source[] {
  const base64 = (text: string) => Buffer.from(text, "base64");
  const plain = (text: string) => Buffer.from(text);
  const parts = [
    { values: body.data, decode: object.kind === "Secret" ? base64 : plain },
    { values: "binaryData" in body ? body.binaryData : undefined, decode: base64 },
    // Manifests may have it; the API server turns it into data.
    { values: "stringData" in body ? (body.stringData as typeof body.data) : undefined, decode: plain },
  ];
  return parts.flatMap(({ values, decode }) =>
    Object.entries(values ?? {})
      .filter(([, text]) => typeof text === "string")
      .map(([key, text]) => ({
        name: `${called(object)}, ${key}`,
        bytes: decode(text),
        ...(object.kind === "Secret" ? { mixed: true as const } : {}),
      })),
  );
}

async function podSources(
  pod: Pod,
  object: ObjectName,
  linkerdNamespace: string,
  door: Door,
  world: World,
): Promise<readonly Source[]> {
  const proxy = proxyOf(pod, linkerdNamespace);
  if (proxy === undefined) {
    throw new Failure(
      `${called(object)} has no running proxy of the Linkerd in namespace ${linkerdNamespace}`,
      "Name a meshed pod, or Linkerd's namespace with -L.",
    );
  }
  if (proxy.bundle !== undefined)
    return [{ name: `${called(object)}, ${anchorsVariable}`, bytes: Buffer.from(proxy.bundle) }];
  const roots: ObjectName = { kind: "ConfigMap", name: trustRootsName, namespace: linkerdNamespace };
  const { data } = (await getObject(roots, door, world)) as ConfigMap; // the path says so
  const name = `${called(roots)}, ${bundleKey}, which ${called(object)} reads when it starts`;
  return [{ name, bytes: Buffer.from(data?.[bundleKey] ?? "") }];
}
