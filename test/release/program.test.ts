// The plugin as one file, for the machine that the tests run on: it needs nothing beside it and obeys nobody else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Script } from "node:vm";
import { commands } from "../../plugin/commands/index.ts";
import { commitOf } from "../../release/commit.ts";
import { compileParts } from "../../release/compile-parts.ts";
import { buildExecutable } from "../../release/executable.ts";
import { nodeVersion } from "../../release/fetch-node.ts";
import { buildNative, type NativeProgram } from "../../release/native.ts";
import { nativePlatform } from "../../release/platforms.ts";
import { testWorld } from "../plugin/world.ts";

const home = join(import.meta.dirname, "..", "..");
const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const native = nativePlatform(process.platform, process.arch);
const skip = process.platform === "win32" && "makes symbolic links";

describe("the program", { skip }, () => {
  let folder: string;
  let built: NativeProgram;
  let program: string;
  let commits: string[];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-program-"));
    const earlier = commitOf(home);
    built = await buildNative(join(folder, "built"), running);
    commits = [earlier, commitOf(home)];
    mkdirSync(join(folder, "alone"));
    program = join(folder, "alone", "kubectl-linkerd_certs");
    copyFileSync(built.program, program);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("says its version, the commit, and the Node that is in it", () => {
    const { kind, commit, ...said } = JSON.parse(run(["version", "-o", "json"]).stdout);
    assert.equal(kind, "Version");
    assert.deepEqual([said.version, said.node], [version, process.version]);
    assert.ok(commits.includes(commit ?? ""), commit); // none in a copy without its history
  });

  test("the Node of the tests is the one that is released", () => {
    assert.equal(process.version, `v${nodeVersion}`);
  });

  for (const { name } of commands)
    test(`${name} --help says what the clone says`, async () => {
      const words = [...name.split(" "), "--help"];
      assert.deepEqual(run(words), await testWorld().run(...words));
    });

  test("makes and shows certificates, judges manifests, and asks a cluster, alone in its folder", () => {
    assert.equal(run(["create", "anchor"]).code, 0);
    assert.match(run(["inspect", "ca.crt"]).stdout, /root\.linkerd\.cluster\.local/);
    assert.match(run(["validate", "-f", "nothing.yaml"]).stderr, /^linkerd-certs: error: [^\n]+\n/);
    const away = run(["check", "--kubeconfig", "nothing"]);
    assert.match(away.stderr, /^linkerd-certs: error: [^\n]+\nlinkerd-certs: hint: [^\n]+\n$/);
  });

  test("by a link as krew makes it, it is kubectl's; by the name of linkerd's extension, linkerd's", () => {
    const links = join(folder, "bin");
    mkdirSync(links);
    for (const name of ["kubectl-linkerd_certs", "linkerd-certs"]) symlinkSync(program, join(links, name));
    // By its whole path, as kubectl does, or by its name alone, as a shell may.
    for (const called of [(name: string) => join(links, name), (name: string) => name]) {
      const overview = (name: string) =>
        spawnSync(join(links, name), ["--help"], { encoding: "utf8", argv0: called(name) }).stdout;
      assert.match(overview("kubectl-linkerd_certs"), /^Usage: kubectl linkerd-certs COMMAND/m);
      assert.match(overview("linkerd-certs"), /^Usage: linkerd-certs COMMAND/m);
    }
  });

  test("runs nobody else's code: not by NODE_OPTIONS, nor by a flag of Node's", () => {
    const plain = run(["version"]);
    assert.deepEqual(run(["version"], { NODE_OPTIONS: "--require /nowhere.cjs" }), plain);
    assert.match(run(["--eval", "process.exit(7)"]).stderr, /no such command: --eval/);
    assert.match(run(["--require=/nowhere.cjs", "version"]).stderr, /no such command/);
  });

  test("what V8 made of its parts is taken, and is the same in the next build", async () => {
    const parts = { folder: join(folder, "built", "parts"), names: [], inputs: [] };
    const again = join(folder, "again");
    mkdirSync(again);
    const names = await compileParts(process.execPath, parts, again);
    assert.ok(names.includes("kubectl-linkerd_certs-check.cjs"));
    for (const name of names) {
      const cachedData = readFileSync(join(folder, "built", "compiled", name));
      assert.ok(cachedData.equals(readFileSync(join(again, "compiled", name))), name);
      const script = new Script(readFileSync(join(parts.folder, name), "latin1"), { cachedData });
      assert.equal(script.cachedDataRejected, false, name);
    }
  });

  test("is the same, wherever it is built", async () => {
    const [parts, compiled] = ["parts", "compiled"].map((name) => {
      const at = join(folder, "built", name);
      return { folder: at, names: readdirSync(at).sort(), inputs: [] };
    });
    assert.ok(parts && compiled && native);
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    const again = join(elsewhere, "again");
    const node = process.execPath;
    await buildExecutable({ platform: native, parts, compiled, node, builder: node }, elsewhere, again);
    assert.ok(readFileSync(again).equals(readFileSync(program)));
  });

  function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const cwd = join(folder, "alone");
    const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: "utf8", env });
    return { code: status, stdout, stderr };
  }
});

const running = { os: process.platform, arch: process.arch, program: process.execPath };
