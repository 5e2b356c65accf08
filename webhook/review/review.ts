import { isUtf8 } from "node:buffer";
import { Ajv, type ErrorObject } from "ajv";
import { isRecord } from "../../trust/fields.ts";
import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { trustRootsName } from "../../trust/gather/trust-roots.ts";
import type { Target } from "../../trust/judge-change.ts";
import type { Malformation } from "../metrics.ts";
import { withinBounds } from "./bounds.ts";
import { isTooLarge, limitsInWords } from "./object-size.ts";
import { configMapsSchema, envelopeSchema, secretsSchema } from "./schema.ts";

export type Review = ReviewOf<"ConfigMap", ConfigMap> | ReviewOf<"Secret", Secret>;

interface ReviewOf<K, O> {
  readonly uid: string;
  readonly kind: K;
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly dryRun: boolean;
  readonly namespace: string;
  /** Empty where the API server is yet to make it up (generateName). */
  readonly name: string;
  readonly username: string;
  /** Undefined on DELETE. */
  readonly object?: O;
  /** Undefined on CREATE. */
  readonly oldObject?: O;
}

/** The object that it is about, by kind and name; undefined for one that is not judged. */
export function targetOf({ kind, name }: Pick<Review, "kind" | "name">): Target | undefined {
  if (kind === "ConfigMap") return name === trustRootsName ? "trust-roots" : undefined;
  return name === issuerSecretName ? "issuer" : undefined;
}

/** Why a request is no review. With a uid it can be answered as one. */
export interface Refusal {
  readonly malformed: Malformation;
  readonly code: number;
  readonly message: string;
  readonly uid?: string;
}

/**
 * Parses the body of a call. Nothing in a body makes it throw, and no part of
 * the body is repeated in a refusal: it may hold a key.
 */
export function parseReview(body: Buffer): Review | Refusal {
  const parsed = parseJson(body);
  if (parsed === undefined) return refuse("not_json", 400, "the body is not JSON");
  if (!isEnvelope(parsed)) {
    const uid = uidIn(parsed);
    return refuse(
      "not_a_review",
      400,
      `not an AdmissionReview of admission.k8s.io/v1: ${first(isEnvelope.errors)}`,
      uid,
    );
  }
  const { request } = parsed;
  const { uid } = request;
  const { group, version, kind } = request.kind;
  const known = group === "" && version === "v1" && (kind === "ConfigMap" || kind === "Secret");
  if (!known || request.subResource) {
    const sent = request.subResource ? "a subresource" : "another kind";
    return refuse(
      "wrong_kind",
      400,
      `linkerd-certs judges ConfigMaps and Secrets and was sent ${sent}; correct the rules of its webhook configuration`,
      uid,
    );
  }
  const hasShape = kind === "ConfigMap" ? areConfigMaps : areSecrets;
  if (!hasShape(request)) {
    return refuse("not_a_review", 422, `not a ${kind}: ${first(hasShape.errors)}`, uid);
  }
  const object = withoutNulls(request.object);
  const oldObject = withoutNulls(request.oldObject);
  if (isTooLarge(kind, object) || isTooLarge(kind, oldObject)) {
    return refuse("too_large", 413, `the ${kind} is larger than Kubernetes stores: ${limitsInWords}`, uid);
  }
  const needed = request.operation === "DELETE" ? oldObject : object;
  if (needed === undefined) {
    const field = request.operation === "DELETE" ? "oldObject" : "object";
    return refuse("not_a_review", 422, `request.${field} is missing on ${request.operation}`, uid);
  }
  return {
    uid,
    kind,
    operation: request.operation,
    dryRun: request.dryRun === true,
    // deletecollection and the end of a namespace name the object only in oldObject.
    namespace: request.namespace || needed.metadata?.namespace || "",
    name: request.name || needed.metadata?.name || "",
    username: request.userInfo?.username ?? "",
    ...(object === undefined || request.operation === "DELETE" ? {} : { object }),
    ...(oldObject === undefined || request.operation === "CREATE" ? {} : { oldObject }),
  };
}

interface Envelope {
  readonly request: {
    readonly uid: string;
    readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
    readonly subResource?: string | null;
    readonly operation: "CREATE" | "UPDATE" | "DELETE";
    readonly name?: string | null;
    readonly namespace?: string | null;
    readonly dryRun?: boolean | null;
    readonly userInfo?: { readonly username?: string | null } | null;
    readonly object?: unknown;
    readonly oldObject?: unknown;
  };
}

interface Objects<O> {
  readonly object?: O | null;
  readonly oldObject?: O | null;
}

const ajv = new Ajv({ strict: false });
const isEnvelope = ajv.compile<Envelope>(envelopeSchema);
const areConfigMaps = ajv.compile<Objects<ConfigMap>>(configMapsSchema);
const areSecrets = ajv.compile<Objects<Secret>>(secretsSchema);

const refuse = (malformed: Malformation, code: number, message: string, uid?: string): Refusal => ({
  malformed,
  code,
  message,
  ...(uid === undefined ? {} : { uid }),
});

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body) || !withinBounds(body)) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    // The engine's message quotes the text.
    return undefined;
  }
}

function uidIn(parsed: unknown): string | undefined {
  if (!isRecord(parsed) || parsed["apiVersion"] !== "admission.k8s.io/v1" || !isRecord(parsed["request"]))
    return undefined;
  const uid = parsed["request"]["uid"];
  return typeof uid === "string" && uid !== "" && uid.length <= 256 ? uid : undefined;
}

/** Where and what, without a value. Names of data keys are cut short: somebody may have pasted into one. */
function first(errors: readonly ErrorObject[] | null | undefined): string {
  const error = errors?.[0];
  if (error === undefined) return "it has another form";
  const path = error.instancePath.slice(1).replaceAll("/", ".").replaceAll("~1", "/").slice(0, 120);
  return `${path || "it"} ${error.message}`;
}

// The schema has allowed null, which the types do not know.
function withoutNulls<O extends ConfigMap | Secret>(object: O | null | undefined): O | undefined {
  if (object === null || object === undefined) return undefined;
  return drop({ ...object, ...(object.metadata ? { metadata: drop(object.metadata) } : {}) });
}

function drop<T extends object>(record: T): T {
  if (!Object.values(record).includes(null)) return record;
  // Every field that the schema lets be null may also be absent.
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as T;
}
