// The signature that macOS wants, held to the one that Go's linker writes: the same program gets the same bytes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { signed } from "../../release/sign-mach-o.ts";
import { readSignature, unsigned, withoutPageCount } from "./mach-o.ts";

const skip = spawnSync("go", ["version"]).status !== 0 && "needs Go, whose linker signs";

describe("an ad-hoc signature", { skip }, () => {
  let folder: string;
  let byGo: Buffer;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-sign-"));
    writeFileSync(join(folder, "main.go"), 'package main\n\nfunc main() { println("signed") }\n');
    const env = { ...process.env, GOOS: "darwin", GOARCH: "arm64", CGO_ENABLED: "0", GOFLAGS: "" };
    const words = ["build", "-trimpath", "-ldflags=-s -w", "-o", "program", "main.go"];
    const built = spawnSync("go", words, { cwd: folder, env, encoding: "utf8" });
    assert.equal(built.status, 0, built.stderr);
    byGo = readFileSync(join(folder, "program"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("is, byte for byte, what Go's linker writes, but for memory that is counted in pages as Apple does", () => {
    const again = signed(unsigned(byGo), "a.out");
    assert.ok(withoutPageCount(again).equals(withoutPageCount(byGo)));
    assert.deepEqual(readSignature(again).wrongPages, []);
  });

  test("says of every page what it holds: a changed byte is found", () => {
    const program = signed(unsigned(byGo), "kubectl-linkerd_certs");
    const { identifier, wrongPages } = readSignature(program);
    assert.deepEqual([identifier, wrongPages], ["kubectl-linkerd_certs", []]);
    program.writeUInt8(program.readUInt8(5000) ^ 1, 5000);
    assert.deepEqual(readSignature(program).wrongPages, [1]);
  });

  test("is not put over another, nor on what is no Mach-O", () => {
    assert.throws(() => signed(byGo, "a.out"), /signed already/);
    assert.throws(() => signed(Buffer.from("\x7fELF".padEnd(64)), "a.out"), /not a 64-bit Mach-O/);
    assert.throws(
      () => signed(Buffer.concat([unsigned(byGo), Buffer.alloc(64)]), "a.out"),
      /behind __LINKEDIT/,
    );
  });
});
