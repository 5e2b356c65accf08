import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { anchor, bundle, issuer } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { issuerSecret, trustRoots } from "../cluster/control-plane-objects.ts";
import { create } from "../cluster/linkerd.ts";
import { skip } from "../cluster/skip.ts";
import { spellings } from "../webhook/live-secrecy.ts";
import { createPods } from "./many.ts";
import type { Cost } from "./watch-mesh.ts";

/** Ten thousand take most of a minute to be made. */
const pods = Number(process.env["LINKERD_CERTS_PODS"] ?? 2_000);
const root = anchor();
const current = issuer(root);

describe("a process that watches a mesh", { skip }, () => {
  let cp: ControlPlane;
  let program: string;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    await mustApi(cp.api, "POST", "/api/v1/namespaces", { metadata: { name: "linkerd" } });
    const install = { bundle: root.pem, issuer: { chainPem: current.pem, keyPem: current.keyPem } };
    await create(cp, trustRoots(install));
    await create(cp, issuerSecret(install));
    writeFileSync(join(cp.dir, "token"), cp.token);
    writeFileSync(join(cp.dir, "ca.crt"), readFileSync(cp.caFile));
    program = await bundled(cp.dir);
  });
  after(() => cp.stop());

  test("keeps no private key in its heap, not even as garbage that is still referred to", async () => {
    const snapshot = join(cp.dir, "heap.heapsnapshot");
    await watchMesh(snapshot);
    const heap = readFileSync(snapshot);
    assert.ok(heap.includes("linkerd-identity-issuer"), "the snapshot holds strings");
    for (const piece of spellings(current.keyPem)) assert.equal(heap.indexOf(piece), -1);
  });

  test(`needs little for ${pods} meshed pods of 10 kB`, async (t) => {
    await createPods(cp, pods, bundle(root, anchor("another")));
    const cost = await watchMesh();
    t.diagnostic(JSON.stringify(cost));
    assert.equal(cost.proxies, pods);
    // What is kept of a pod is some 300 bytes. Memory that the system counts (RSS) is only reported: it varies.
    assert.ok(cost.heapMiB < 12 + pods / 1000, `${cost.heapMiB} MiB`);
  });

  async function watchMesh(...more: string[]): Promise<Cost> {
    const { hostname, port } = new URL(cp.server);
    const env = { ...process.env, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    const flags = ["--expose-gc", "--max-semi-space-size=1"];
    const args = [...flags, program, cp.dir, ...more];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 120_000 });
    return JSON.parse(stdout) as Cost; // written by watch-mesh.ts
  }
});

/** As the guard is shipped: one folder of JavaScript, in which what a kubeconfig needs is apart. */
async function bundled(dir: string): Promise<string> {
  const outdir = join(dir, "program");
  await build({
    entryPoints: [join(import.meta.dirname, "watch-mesh.ts")],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    logLevel: "error",
  });
  return join(outdir, "watch-mesh.mjs");
}
