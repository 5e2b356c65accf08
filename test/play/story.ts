import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import { readCredentials } from "../../trust/x509/index.ts";
import type { AdmissionResponse } from "../../webhook/respond.ts";
import { parseReview } from "../../webhook/review/review.ts";
import { reviewer } from "../../webhook/reviewer.ts";
import { bundle } from "../certificates/index.ts";
import { issuerOf, type Manifest, trustRootsOf } from "../scenarios/manifests.ts";
import { type Material, mintMaterial } from "../scenarios/material.ts";
import { screenOf } from "../scenarios/screen.ts";
import { type Step, story } from "../scenarios/story.ts";
import { meshStartedAt, type Stage, sightOf } from "./sight.ts";

const minute = 60_000;

/** Plays the whole story on a cluster in memory; 1 if an answer is not the one that the story says. */
export async function playStory(out: { write(text: string): void }): Promise<number> {
  const theatre = openTheatre(new Date());
  let wrong = 0;
  for (const step of story) {
    const response = await theatre.play(step);
    const screen = screenOf(step, response);
    out.write(screen.text);
    if (!screen.asTold) wrong++;
  }
  out.write(`\n${story.length} steps, ${wrong} not as told\n`);
  return wrong === 0 ? 0 : 1;
}

/** A mesh in memory whose clock moves a minute with every step. */
function openTheatre(start: Date) {
  let now = new Date(start.getTime() - story.length * minute);
  const material = mintMaterial(start);
  const stage: Stage = {
    trustRoots: written(trustRootsOf([material.first]), now) as ConfigMap,
    issuer: written(issuerOf(material.live), now) as Secret,
    proxies: meshStartedAt(new Date(now.getTime() + minute / 2), bundle(material.first)),
    issuersSeen: [{ from: new Date(now.getTime() - 30 * 24 * 60 * minute), chain: chainOf(material.live) }],
  };
  const gate = {
    rules,
    policy: defaultPolicy,
    namespace: "linkerd",
    sight: sightOf(stage),
    clock: () => now,
  };
  const ask = reviewer(gate, { denied: () => {}, breakGlass: () => {} });

  return {
    /** Undefined where the step is no write. */
    async play({ write }: Step): Promise<AdmissionResponse | undefined> {
      now = new Date(now.getTime() + minute);
      if ("restart" in write) {
        stage.proxies = restarted(stage, write.restart, now);
        return undefined;
      }
      const change = changeOf(write, stage, material, now);
      const review = parseReview(Buffer.from(JSON.stringify(reviewOf(change))));
      if ("malformed" in review) throw new Error(review.message);
      const response = await ask(review);
      if (response.allowed) carryOut(change, stage, now);
      return response;
    },
  };
}

interface Change {
  readonly kind: "ConfigMap" | "Secret";
  readonly object: Manifest | undefined;
  readonly oldObject: ConfigMap | Secret | undefined;
}

function changeOf(
  write: Exclude<Step["write"], { restart: unknown }>,
  stage: Stage,
  material: Material,
  now: Date,
): Change {
  const object = "apply" in write ? written(write.apply(material), now) : undefined;
  const kind = object?.kind ?? ("delete" in write && write.delete === "issuer" ? "Secret" : "ConfigMap");
  return { kind, object, oldObject: kind === "Secret" ? stage.issuer : stage.trustRoots };
}

function carryOut({ kind, object }: Change, stage: Stage, now: Date): void {
  if (kind === "ConfigMap") {
    stage.trustRoots = object;
    return;
  }
  stage.issuer = object;
  const [layout] = Object.keys(object?.data ?? {}).filter(
    (key) => key.endsWith("crt.pem") || key === "tls.crt",
  );
  const pem = Buffer.from(object?.data[layout ?? ""] ?? "", "base64");
  const chain = readCredentials(pem, "").chain;
  stage.issuersSeen = [...stage.issuersSeen, { from: now, chain }];
}

function restarted(stage: Stage, what: "control plane" | "workloads", now: Date): Stage["proxies"] {
  const text = stage.trustRoots?.data?.["ca-bundle.crt"] ?? "";
  const fresh = meshStartedAt(now, text);
  return stage.proxies.map((proxy, i) => {
    const own = proxy.component !== undefined;
    return own === (what === "control plane") ? (fresh[i] ?? proxy) : proxy;
  });
}

// As the API server would record it: the field manager's time is when the data changed.
function written(manifest: Manifest, now: Date): Manifest {
  const fields = Object.fromEntries(Object.keys(manifest.data).map((key) => [`f:${key}`, {}]));
  const managedFields = [
    { manager: "kubectl", operation: "Apply", time: now.toISOString(), fieldsV1: { "f:data": fields } },
  ];
  return { ...manifest, metadata: { ...manifest.metadata, ...{ managedFields } } };
}

function reviewOf({ kind, object, oldObject }: Change) {
  const operation = object === undefined ? "DELETE" : oldObject === undefined ? "CREATE" : "UPDATE";
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "00000000-0000-4000-8000-000000000000",
      kind: { group: "", version: "v1", kind },
      operation,
      namespace: "linkerd",
      name: (object ?? oldObject)?.metadata?.name,
      userInfo: { username: "somebody" },
      object: object ?? null,
      oldObject: oldObject ?? null,
    },
  };
}

function chainOf(issuer: Material["live"]) {
  return readCredentials(issuer.pem, issuer.keyPem).chain;
}
