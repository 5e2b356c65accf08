// From the release to a stranger's kubectl and back: krew itself, and what krew does, step by step.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { extract } from "tar";
import type { Artefact } from "../../release/artefact.ts";
import { archiveProblems } from "../../release/krew-archive.ts";
import { krewManifest } from "../../release/krew-manifest.ts";
import { entryFor, problemsOf, readManifest } from "../../release/krew-rules.ts";
import { nativePlatform } from "../../release/platforms.ts";
import { release } from "../../release/release.ts";
import { binariesAvailable, findBinaries } from "../cluster/binaries.ts";
import { findKrew, krewAvailable } from "./krew-programs.ts";
import { runningNode } from "./running-node.ts";

const native = nativePlatform(process.platform, process.arch);
const missing =
  [binariesAvailable(), krewAvailable()].includes("missing-go") && "needs Go to build kubectl and krew";
const skip =
  missing || (native === undefined && "nothing is released for this machine") || native?.os === "windows";

describe("krew", { skip }, () => {
  let folder: string;
  let server: Server;
  let archive: Artefact;
  let manifest: string;
  let path: string;
  let validate: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-krew-"));
    if (native === undefined) throw new Error("skipped");
    server = createServer((request, response) =>
      response.end(readFileSync(join(folder, "dist", request.url ?? ""))),
    );
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo; // as it is of a TCP server
    const baseUrl = `http://127.0.0.1:${port}`;
    const artefacts = await release({
      ...{ to: join(folder, "dist"), work: join(folder, "work"), baseUrl },
      ...{ platforms: [native], native, commit: "0123456789ab", at: new Date("2026-08-26T10:20:30Z") },
      node: async () => runningNode(folder),
      tell() {},
    });
    const [first] = artefacts;
    if (first === undefined) throw new Error("nothing was built");
    archive = first;
    manifest = krewManifest("0.1.0", baseUrl, [{ platform: native, ...archive }]);
    writeFileSync(join(folder, "linkerd-certs.yaml"), manifest);
    const { kubectl } = await findBinaries();
    const programs = await findKrew();
    validate = programs.validate;
    mkdirSync(join(folder, "tools"));
    symlinkSync(kubectl, join(folder, "tools", "kubectl"));
    copyFileSync(programs.krew, join(folder, "tools", "kubectl-krew"));
    path = [join(folder, "tools"), join(folder, "root", "bin"), process.env["PATH"] ?? ""].join(delimiter);
  });
  after(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("finds nothing wrong with manifest and archive: our rules, and its own validator", async () => {
    assert.deepEqual(problemsOf("linkerd-certs.yaml", manifest), []);
    assert.deepEqual(await archiveProblems(join(folder, "dist", archive.name), entry()), []);
    const words = ["-manifest", join(folder, "linkerd-certs.yaml"), "-skip-install"];
    const judged = spawnSync(validate, words, { encoding: "utf8" });
    assert.equal(judged.status, 0, judged.stderr);
  });

  test("its validator refuses what our rules refuse", () => {
    const spoiled = [
      manifest.replace("version: v", "version: "),
      manifest.replace(/sha256: \w+/, `sha256: ${"A".repeat(64)}`),
      manifest.replace("bin: kubectl", "program: kubectl"),
      manifest.replace("name: linkerd-certs", "name: other"),
    ];
    for (const one of spoiled) {
      assert.notDeepEqual(problemsOf("linkerd-certs.yaml", one), []);
      mkdirSync(join(folder, "spoiled"), { recursive: true });
      const file = join(folder, "spoiled", "linkerd-certs.yaml");
      writeFileSync(file, one);
      assert.notEqual(spawnSync(validate, ["-manifest", file, "-skip-install"]).status, 0, one);
    }
  });

  test("by hand, as it does it: unpacked, copied, linked, run by kubectl, and gone again", async () => {
    const store = join(folder, "by-hand", "store", "linkerd-certs", "v0.1.0");
    const bin = join(folder, "by-hand", "bin");
    for (const one of [store, bin]) mkdirSync(one, { recursive: true });
    // No "files" in the manifest: everything as it lies in the archive.
    assert.equal(entry().files, undefined);
    await extract({ file: join(folder, "dist", archive.name), cwd: store });
    symlinkSync(join(store, entry().bin), join(bin, "kubectl-linkerd_certs"));
    const home = { PATH: [bin, path].join(delimiter) };
    assert.match((await kubectl(["linkerd-certs", "version"], home)).stdout, /^version: +0\.1\.0$/m);
    assert.match(
      (await kubectl(["linkerd-certs", "--help"], home)).stdout,
      /^Usage: kubectl linkerd-certs COMMAND/m,
    );
    rmSync(join(folder, "by-hand"), { recursive: true });
    assert.notEqual((await kubectl(["linkerd-certs", "version"], home)).code, 0);
  });

  test("installs it from an index, kubectl runs it, and uninstalls it without a trace", async () => {
    const index = join(folder, "index");
    mkdirSync(join(index, "plugins"), { recursive: true });
    copyFileSync(join(folder, "linkerd-certs.yaml"), join(index, "plugins", "linkerd-certs.yaml"));
    const git = (...words: string[]) =>
      assert.equal(spawnSync("git", words, { cwd: index }).status, 0, words.join(" "));
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=test", "-c", "user.email=test@example.test", "commit", "-qm", "An index");

    await succeeds("krew", "update");
    assert.match(await succeeds("krew", "search", "linkerd"), /linkerd-certs +Check and rotate Linkerd/);
    await succeeds("krew", "install", "linkerd-certs");
    const link = join(folder, "root", "bin", "kubectl-linkerd_certs");
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.match(await succeeds("plugin", "list"), /kubectl-linkerd_certs/);
    const said = JSON.parse(await succeeds("linkerd-certs", "version", "-o", "json"));
    assert.deepEqual([said.version, said.node], ["0.1.0", process.version]);

    await succeeds("krew", "uninstall", "linkerd-certs");
    assert.throws(() => lstatSync(link), /ENOENT/);
    assert.throws(() => lstatSync(join(folder, "root", "store", "linkerd-certs")), /ENOENT/);
    assert.notEqual((await kubectl(["linkerd-certs", "version"])).code, 0);
  });

  test("refuses an archive of other bytes", async () => {
    const name = archive.name;
    const spoiled = join(folder, name);
    writeFileSync(spoiled, Buffer.concat([readFileSync(join(folder, "dist", name)), Buffer.from("\n")]));
    const words = ["krew", "install", "--manifest", join(folder, "linkerd-certs.yaml"), "--archive", spoiled];
    assert.match((await kubectl(words)).stderr, /checksum/);
  });

  function entry() {
    const found = native && entryFor(readManifest(manifest), native);
    if (found === undefined) throw new Error("there is no entry for this machine");
    return found;
  }

  async function succeeds(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await kubectl(words);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  // Not spawnSync: the archive is downloaded from this process.
  async function kubectl(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const env = {
      ...{ HOME: folder, KREW_ROOT: join(folder, "root"), KREW_DEFAULT_INDEX_URI: join(folder, "index") },
      ...{ KREW_NO_UPGRADE_CHECK: "1", PATH: path, ...more },
    };
    const child = spawn(join(folder, "tools", "kubectl"), words, {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code: child.exitCode, stdout, stderr };
  }
});
