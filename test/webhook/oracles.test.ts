import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import { openCertificate, readCredentials } from "../../trust/x509/index.ts";
import { parseReview } from "../../webhook/review/review.ts";
import { reviewer } from "../../webhook/reviewer.ts";
import { mightHaveMinted } from "../oracles/agreement.ts";
import { type Case, cases } from "../oracles/cases.ts";
import { type Answer, missing, startOracles } from "../oracles/oracles.ts";
import { writeCase } from "../oracles/shrink.ts";

const seed = Number(process.env["LINKERD_CERTS_SEED"] ?? 1);
const count = Number(process.env["LINKERD_CERTS_GATE_CASES"] ?? 4000);
const skip = missing().join("; ") || false;
const oracles = await startOracles();
after(() => oracles.stop());

test("the gate never lets both objects in where identity or a proxy refuses them", { skip }, async (t) => {
  const told = { allowed: 0, refused: 0, soundButRefused: 0 };
  const generator = cases(seed);
  for (let done = 0; done < count; done += 500) {
    const batch = Array.from({ length: 500 }, () => generator.next().value);
    const answers = await oracles.judge(batch);
    for (const [i, asked] of batch.entries()) {
      const answer = answers[i];
      if (answer === undefined || !canBeWritten(asked)) continue;
      const why = refusedByLinkerd(asked, answer);
      const allowed = await install(asked);
      if (allowed) told.allowed++;
      else told.refused++;
      if (!allowed && why === undefined) told.soundButRefused++;
      assert.ok(!allowed || why === undefined, `let in although ${why}: ${asked.label}\n${writeCase(asked)}`);
    }
  }
  t.diagnostic(`seed ${seed}: ${JSON.stringify(told)}`);
});

/** Writes the ConfigMap, then the Secret, into a mesh that has neither; true if both pass. */
async function install(asked: Case): Promise<boolean> {
  const stage: { trustRoots?: ConfigMap; issuer?: Secret } = {};
  const ask = reviewer(
    {
      rules,
      policy: defaultPolicy,
      namespace: "linkerd",
      clock: () => asked.now,
      sight: {
        sources: () => ({
          trustRoots: openTrustRoots(stage.trustRoots),
          issuerSecret: openIssuerSecret(stage.issuer),
          install: { trustDomain: "cluster.local" },
        }),
        lost: () => [],
        meshUnseen: () => undefined,
        confirmPartner: async () => true,
      },
    },
    { denied: () => {}, breakGlass: () => {} },
  );
  const create = async (kind: "ConfigMap" | "Secret", name: string, data: Record<string, string>) => {
    const object = { metadata: { name, namespace: "linkerd" }, data };
    const review = parseReview(Buffer.from(JSON.stringify(reviewOf(kind, object))));
    if ("malformed" in review) throw new Error(review.message);
    return (await ask(review)).allowed ? object : undefined;
  };
  const text = Buffer.from(asked.bundle).toString("utf8");
  const trustRoots = await create("ConfigMap", "linkerd-identity-trust-roots", { "ca-bundle.crt": text });
  if (trustRoots === undefined) return false;
  stage.trustRoots = trustRoots;
  const issuer = await create("Secret", "linkerd-identity-issuer", {
    "crt.pem": Buffer.from(asked.chain).toString("base64"),
    "key.pem": Buffer.from(asked.key).toString("base64"),
  });
  // A Secret without a certificate is one that is still to be filled, and no issuer yet.
  return issuer !== undefined && asked.chain.length > 0;
}

function reviewOf(kind: "ConfigMap" | "Secret", object: { metadata: { name: string } }): object {
  const request = {
    uid: "x",
    kind: { group: "", version: "v1", kind },
    operation: "CREATE",
    namespace: "linkerd",
    name: object.metadata.name,
    object,
    oldObject: null,
  };
  return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request };
}

function refusedByLinkerd(asked: Case, { identity, proxy }: Answer): string | undefined {
  if (identity === undefined || proxy === undefined) return undefined;
  if (!identity.bundle.ok) return `identity refuses the bundle: ${identity.bundle.error}`;
  if (identity.bundle.certs.length === 0) return "the bundle is empty";
  if (!identity.chain.ok) return `identity refuses the chain: ${identity.chain.error}`;
  if (!identity.key.ok || !identity.key.matches) return `identity refuses the key: ${identity.key.error}`;
  if (identity.verify?.ok !== true) return `identity does not verify it: ${identity.verify?.error}`;
  if (!identity.isCA) return "the issuer is no CA";
  if (!proxy.bundle.ok) return `proxies refuse the bundle: ${proxy.bundle.error}`;
  const leaf = openCertificate(asked.leaf);
  const [issuer] = readCredentials(asked.chain, asked.key).chain;
  if (!asked.leafIsSound || "unreadable" in leaf || !mightHaveMinted(issuer, leaf)) return undefined;
  for (const usage of ["server", "client"] as const) {
    if (proxy[usage]?.ok === false) return `proxies refuse a leaf: ${proxy[usage].error}`;
  }
  return undefined;
}

// What the API server would not take is not asked; and an issuer dated a moment ahead of
// our clock may pass (docs/decisions/0003).
function canBeWritten(asked: Case): boolean {
  const text = Buffer.from(asked.bundle);
  if (!Buffer.from(text.toString("utf8")).equals(text)) return false;
  const ahead = readCredentials(asked.chain, asked.key).chain[0]?.notBefore.getTime() ?? 0;
  return ahead <= asked.now.getTime() || ahead > asked.now.getTime() + 60_000;
}
