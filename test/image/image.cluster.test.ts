import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { nodeVersion } from "../../release/fetch-node.ts";
import { bundle } from "../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually, Hopeless } from "../cluster/eventually.ts";
import { inject } from "../cluster/linkerd.ts";
import { freePorts } from "../cluster/ports.ts";
import { type Household, household } from "../cluster/processes.ts";
import { readImage } from "../guard/image.ts";
import { installGuard } from "../manifests/install.ts";
import { contentsOf } from "../release/contents.ts";
import { issuerOf } from "../scenarios/manifests.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { inForce, installTrust, issuerPath } from "../steadiness/trust.ts";
import { type Built, buildImage, commit, machines, version as released, skip } from "./engine.ts";
import { inside } from "./inside.ts";

describe("the image", { skip }, () => {
  const material = mintMaterial(new Date());
  let image: Built;
  let cp: ControlPlane;
  let house: Household;
  let folder: string;
  before(async () => {
    image = await buildImage();
    cp = await startControlPlane();
    house = household();
    folder = join(house.dir, "inside");
    mkdirSync(folder);
    for (const path of [house.dir, folder]) chmodSync(path, 0o755);
    await installTrust(cp, material);
    await inject(cp, { namespace: "shop", name: "web", bundle: bundle(material.first) });
  });
  after(async () => {
    await house.end();
    await cp.stop();
    image.end();
  });

  it("is small, holds one program, Node, and no shell", (t) => {
    t.diagnostic(`${(image.bytes / 2 ** 20).toFixed(0)} MiB compressed`);
    assert.ok(image.bytes < 70 * 2 ** 20);
    const args = [image.root, "-type", "f", "-perm", "/111", "!", "-name", "*.so*", "-printf", "/%P\n"];
    const programs = spawnSync("find", args, { encoding: "utf8" }).stdout.trim().split("\n").sort();
    assert.deepEqual(programs, ["/app/kubectl-linkerd_certs.cjs", "/usr/local/bin/node"]);
  });

  it("holds the licences of all that is in it", () => {
    const text = readFileSync(join(image.root, "app", "THIRD_PARTY_LICENSES"), "utf8");
    for (const one of ["express ", "pkijs ", "openid-client ", `Node.js ${nodeVersion}`])
      assert.ok(text.includes(one), one);
    assert.match(readFileSync(join(image.root, "app", "LICENSE"), "utf8"), /Apache License/);
  });

  it("runs as nobody, by number, with the flags and the environment that the tests and figures have", () => {
    const { User, Entrypoint, Env, Labels } = image.config;
    const { flags, environment } = readImage();
    assert.equal(User, "65532:65532");
    assert.deepEqual(Entrypoint, ["/usr/local/bin/node", ...flags, "/app/webhook.cjs"]);
    assert.equal(Labels["org.opencontainers.image.revision"], commit);
    assert.equal(Labels["org.opencontainers.image.version"], released);
    for (const one of environment) assert.ok(Env.includes(one), one);
  });

  it("says of which version and commit it is", () => {
    const guard = runInside([...image.config.Entrypoint, "--version"]);
    assert.equal(guard.stdout, `${released} (${commit})\n`, guard.stderr);
  });

  it("is one archive for all machines, of the kind that each of them has", async () => {
    const files = await contentsOf(image.archive);
    const read = (name: string) => JSON.parse(files.get(name)?.toString() ?? "");
    const blob = (digest: string) => `blobs/${digest.replace(":", "/")}`;
    const [named, ...others] = read("index.json").manifests;
    assert.deepEqual(others, []);
    assert.equal(named.annotations["org.opencontainers.image.ref.name"], `v${released}`);
    const { manifests } = read(blob(named.digest));
    assert.deepEqual(
      manifests.map(({ platform }: { platform: object }) => platform),
      machines.map(({ os, arch }) => ({ architecture: arch, os })),
    );
    for (const [at, { digest, size }] of manifests.entries()) {
      const { config, layers } = read(blob(digest));
      assert.equal(files.get(blob(digest))?.length, size);
      assert.equal(read(blob(config.digest)).architecture, machines[at]?.arch);
      // The base's and ours, as their names say.
      for (const one of [config, ...layers])
        assert.equal(sha256(files.get(blob(one.digest)) ?? Buffer.alloc(0)), one.digest);
    }
    for (const { digest } of image.image.bases) assert.match(digest ?? "", /^sha256:[0-9a-f]{64}$/);
  });

  it("is the same, byte for byte, when it is built again", async () => {
    assert.equal(sha256(readFileSync(await image.again())), sha256(readFileSync(image.archive)));
  });

  it("holds the guard: with a root that cannot be written it starts, serves, and refuses what it should", async (t) => {
    const [port = 0, metricsPort = 0] = await freePorts(2);
    await installGuard(cp, { port });
    await kubeconfig("guard", await cp.kubeconfigFor("linkerd-certs", "linkerd-certs"));
    give("config.json", JSON.stringify({ server: { port, metricsPort } }));
    const began = performance.now();
    const [program, args] = inside(image, folder, [
      ...image.config.Entrypoint,
      ...["--config", "/run/config.json", "--kubeconfig", "/run/guard"],
    ]);
    const guard = house.start("guard", program, args);
    await eventually("it is ready", async () => {
      const ended = guard.ended();
      if (ended !== undefined) throw new Hopeless(`${ended}: ${guard.tail()}`);
      return (await fetch(`http://127.0.0.1:${metricsPort}/readyz`)).status === 200;
    });
    t.diagnostic(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const status = readFileSync(`/proc/${guard.pid}/status`, "utf8");
    assert.match(status, /^Uid:\t65532\t65532/m);
    assert.match(status, /^CapEff:\t0+$/m);
    assert.match(status, /^Groups:\t\s*$/m);
    await inForce(cp);
    const { body } = await cp.api<{ message: string }>("PUT", issuerPath, issuerOf(material.foreign));
    assert.match(body.message, /issuer-chains-to-anchor/);
    await guard.end("SIGTERM");
  });

  it("holds the plugin, for Jobs and hooks", async () => {
    await kubeconfig("admin", cp.kubeconfig);
    const plugin = ["/usr/local/bin/node", "/app/kubectl-linkerd_certs.cjs"];
    const version = runInside([...plugin, "version", "--client", "-o", "json"]);
    assert.equal(version.status, 0, version.stderr);
    const { version: said, commit: of } = JSON.parse(version.stdout);
    assert.deepEqual([said, of], [released, commit]);
    const check = runInside([...plugin, "check", "--kubeconfig", "/run/admin"]);
    assert.notEqual(check.status, 2, check.stderr);
    assert.match(check.stdout, /the issuer is signed by an anchor|every anchor/);
  });

  function runInside(command: readonly string[]) {
    const [program, args] = inside(image, folder, command);
    return spawnSync(program, args, { encoding: "utf8" });
  }

  /** With the authority inside, for the file that it names is not in the image. */
  async function kubeconfig(name: string, file: string): Promise<void> {
    const config = JSON.parse(readFileSync(file, "utf8")) as {
      clusters: [{ cluster: Record<string, string> }];
    };
    const { cluster } = config.clusters[0];
    cluster["certificate-authority-data"] = readFileSync(cp.caFile).toString("base64");
    delete cluster["certificate-authority"];
    give(name, JSON.stringify(config));
  }

  function give(name: string, text: string): void {
    writeFileSync(join(folder, name), text, { mode: 0o644 });
  }
});

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
