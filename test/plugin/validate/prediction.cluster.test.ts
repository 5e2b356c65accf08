import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { anchor, bundle, issuer, type Minted } from "../../certificates/index.ts";
import type { ControlPlane } from "../../cluster/control-plane.ts";
import { controllers } from "../../cluster/control-plane-objects.ts";
import { eventually } from "../../cluster/eventually.ts";
import { inject, installLinkerd } from "../../cluster/linkerd.ts";
import { restart } from "../../cluster/rollout.ts";
import { type Guarded, startGuarded } from "../../guard/guarded.ts";
import { issuerOf, trustRootsOf } from "../../scenarios/manifests.ts";
import { mintMaterial } from "../../scenarios/material.ts";
import { type TestWorld, testWorld } from "../world.ts";
import { type AnyManifest, someWrite } from "./writes.ts";

interface Answer {
  readonly allowed: boolean;
  /** "API server" where the guard was not even asked. */
  readonly by?: string;
  /** The rules that refuse it, sorted; those that let it pass or warn, where it passes. */
  readonly rules: readonly string[];
  readonly told: readonly string[];
}

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);
const material = mintMaterial(new Date());
const { first, second, live, next } = material;
const past = { notBefore: inDays(-400), notAfter: inDays(-1) };
const expired = anchor("expired.root.linkerd.cluster.local", past);
const ofExpired = issuer(expired, { notBefore: inDays(-300), notAfter: inDays(30) });

interface Mesh {
  readonly title: string;
  prepare?(cp: ControlPlane): Promise<void>;
  /** The guard's configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Asks by kubectl alone: what it once applied and is asked for no longer, it removes. */
  readonly byKubectl?: true;
  readonly writes?: number;
  /** Written for real at the end, one after the other. */
  readonly sequence: readonly AnyManifest[];
}

const meshes: readonly Mesh[] = [
  { title: "where Linkerd is not installed yet", sequence: [issuerOf(live), trustRootsOf([first])].map(any) },
  {
    title: "a mesh with one anchor",
    prepare: (cp) => installed(cp, [first], live),
    sequence: [trustRootsOf([second]), issuerOf(next), trustRootsOf([first, second]), issuerOf(next)].map(
      any,
    ),
  },
  {
    title: "a mesh with a new anchor that nobody was restarted for",
    async prepare(cp) {
      await installed(cp, [first], live);
      const path = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";
      await cp.api("PATCH", path, { data: { "ca-bundle.crt": bundle(first, second) } });
    },
    sequence: [issuerOf(next), trustRootsOf([first])].map(any),
  },
  {
    title: "a mesh that was restarted with both anchors",
    async prepare(cp) {
      await installed(cp, [first, second], live);
      for (const name of controllers) await restart(cp, { namespace: "linkerd", name: `linkerd-${name}` });
    },
    sequence: [issuerOf(next), trustRootsOf([second])].map(any),
  },
  {
    title: "a mesh whose only anchor has expired",
    prepare: (cp) => installed(cp, [expired], ofExpired),
    sequence: [issuerOf(live), trustRootsOf([first])].map(any),
  },
  {
    title: "a mesh whose objects kubectl applied, with more in them",
    async prepare(cp) {
      await installed(cp, [first, second], live);
      const labelled = trustRootsOf([first, second], { labels: { team: "a" }, annotations: { note: "b" } });
      const data = { ...labelled.data, "other.txt": "as it was", more: first.keyPem };
      await byKubectl(cp, any({ ...labelled, data }), []);
      await byKubectl(cp, any(issuerOf(live, { annotations: { note: "b" } })), []);
    },
    byKubectl: true,
    writes: 30,
    sequence: [trustRootsOf([first, second]), trustRootsOf([first, second])].map(any),
  },
  {
    title: "a mesh of scheme kubernetes.io/tls, under a guard that is set otherwise",
    async prepare(cp) {
      const text = bundle(first);
      const own = { chainPem: live.pem, keyPem: live.keyPem, anchorPem: first.pem };
      await installLinkerd(cp, { bundle: text, issuer: own, scheme: "kubernetes.io/tls", externalCA: true });
      await inject(cp, { namespace: "shop", name: "web", bundle: text });
    },
    config: {
      rules: {
        "bundle-overlaps-previous": "off",
        "issuer-known-to-identity": "warn",
        "bundle-is-tidy": "deny",
      },
      thresholds: { remainingShare: 0.9, ceilingDays: 3650 },
    },
    sequence: [trustRootsOf([second]), issuerOf(next, { keys: ["tls.crt", "tls.key"] })].map(any),
  },
];

/** For each mesh. */
const usualWrites = 60;
let compared = 0;
/** Every rule that has refused something. */
const refusing = new Set<string>();

for (const [seed, mesh] of meshes.entries()) {
  describe(`validate --against live, ${mesh.title}`, () => {
    let here: Guarded;
    let world: TestWorld;
    before(async () => {
      const { prepare, config } = mesh;
      here = await startGuarded({ ...(prepare ? { prepare } : {}), ...(config ? { config } : {}) });
      await withoutPolicy(here.cp);
      const files = { "config.yaml": JSON.stringify(config ?? {}) };
      world = testWorld({ kubeconfig: here.cp.kubeconfig, now: new Date(), files });
    });
    after(() => here.end());

    const { writes = usualWrites } = mesh;
    it(`predicts the guard's answer to ${writes} writes`, async () => {
      for (let id = 0; id < writes; id++) {
        const manifest = someWrite(material, seed, id);
        const [predicted] = await predictions(world, [manifest], mesh);
        const real =
          mesh.byKubectl || id % 9 === 0
            ? await byKubectl(here.cp, manifest)
            : await byApi(here.cp, manifest);
        assert.deepEqual(
          predicted,
          real,
          `seed ${seed}, write ${id}: ${JSON.stringify(manifest).slice(0, 3000)}`,
        );
        for (const id of real.rules) refusing.add(id);
        compared++;
      }
    });

    it("predicts what comes of several, one after the other", async () => {
      const predicted = await predictions(world, mesh.sequence, mesh);
      const real: Answer[] = [];
      for (const manifest of mesh.sequence) real.push(await byKubectl(here.cp, manifest, []));
      assert.deepEqual(predicted, real);
      compared += real.length;
    });
  });
}

it("met every kind of answer", () => {
  process.stdout.write(`${compared} predictions compared; refused by ${[...refusing].sort().join(", ")}\n`);
  assert.ok(refusing.size >= 15);
});

async function installed(cp: ControlPlane, anchors: readonly Minted[], own: Minted): Promise<void> {
  const text = bundle(...anchors);
  await installLinkerd(cp, { bundle: text, issuer: { chainPem: own.pem, keyPem: own.keyPem } });
  await inject(cp, { namespace: "shop", name: "web", bundle: text });
}

// The second line of defence answers alone, with one rule; here it is about what the guard says.
async function withoutPolicy(cp: ControlPlane): Promise<void> {
  await cp.kubectl(["delete", "validatingadmissionpolicybinding", "--all"]);
  const key = trustRootsOf(first.keyPem);
  await eventually("the policy is out of force", async () => {
    return (await byApi(cp, any(key))).rules.length > 1 || undefined;
  });
}

async function predictions(
  world: TestWorld,
  manifests: readonly AnyManifest[],
  { config }: Mesh,
): Promise<Answer[]> {
  // Without this it reads the one that the guard's Deployment mounts.
  const configured = config === undefined ? [] : ["--guard-config", "config.yaml"];
  writeFileSync(world.path("writes.yaml"), manifests.map((one) => `---\n${JSON.stringify(one)}\n`).join(""));
  Object.assign(world, { clock: () => new Date() });
  const words = ["-f", "writes.yaml", "--against", "live", "-o", "json", ...configured];
  const { stdout, stderr, code } = await world.run("validate", ...words);
  assert.ok(code === 0 || code === 2, stderr);
  const report = JSON.parse(stdout) as { predictions: Predicted[] };
  return report.predictions.map(({ allowed, by, rules, letPass, warned }) => ({
    allowed,
    ...(by === "API server" ? { by } : {}),
    rules: [...rules].sort(),
    told: allowed ? [...new Set([...letPass, ...warned])].sort() : [],
  }));
}

interface Predicted extends Omit<Answer, "told"> {
  readonly letPass: readonly string[];
  readonly warned: readonly string[];
}

/** A server-side apply, as a dry run. */
async function byApi(cp: ControlPlane, manifest: AnyManifest): Promise<Answer> {
  const plural = manifest.kind === "Secret" ? "secrets" : "configmaps";
  const path = `/api/v1/namespaces/linkerd/${plural}/${manifest.metadata.name}?dryRun=All&force=true&fieldManager=test`;
  const { status, body, warnings } = await cp.api<{ message?: string }>("PATCH", path, manifest, {
    contentType: "application/apply-patch+yaml",
  });
  return answerOf(status < 300, body.message ?? "", warnings);
}

async function byKubectl(
  cp: ControlPlane,
  manifest: AnyManifest,
  how = ["--dry-run=server"],
): Promise<Answer> {
  const args = ["apply", "--validate=false", ...how, "-f", "-"];
  const { code, stderr } = await cp.kubectl(args, { stdin: JSON.stringify(manifest) });
  const warnings = stderr.split("\n").filter((one) => one.startsWith("Warning: "));
  return answerOf(code === 0, stderr, warnings);
}

function answerOf(allowed: boolean, message: string, warnings: readonly string[]): Answer {
  const told = warnings.flatMap((one) => /\[([\w-]+)\]$/.exec(one)?.[1] ?? []);
  if (allowed) return { allowed, rules: [], told: [...new Set(told)].sort() };
  const ids = /annotate the object with linkerd-certs\.io\/allow: "([\w,-]+)"/.exec(message)?.[1];
  if (ids === undefined) return { allowed, by: "API server", rules: [], told: [] };
  return { allowed, rules: ids.split(",").sort(), told: [] };
}

function any(manifest: object): AnyManifest {
  return manifest as AnyManifest; // the tests' own manifests have this shape
}
