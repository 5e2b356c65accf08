// The archives: what krew takes and what not, and that the same files give the same bytes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { create, list } from "tar";
import { type Entry, writeArchive } from "../../release/archive.ts";
import { archiveProblems } from "../../release/krew-archive.ts";

describe("an archive", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-archive-"));
    writeFileSync(join(folder, "program"), "#!/bin/sh\n");
    writeFileSync(join(folder, "licence"), "a licence\n");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const at = new Date("2026-08-26T10:20:30Z");
  const bin = "kubectl-linkerd_certs";
  const entries = (): Entry[] => [
    { name: bin, from: join(folder, "program"), executable: true },
    { name: "LICENSE", from: join(folder, "licence") },
  ];
  const write = async (name: string, of = entries()) => {
    await writeArchive(join(folder, name), of, { at, folder });
    return join(folder, name);
  };

  for (const name of ["a.tar.gz", "a.zip"]) {
    test(`${name}: krew takes it`, async () => {
      assert.deepEqual(await problems(await write(name)), []);
    });

    test(`${name}: is the same in another year, time zone and umask`, async () => {
      const first = sha256(await write(name));
      const [zone, mask] = [process.env["TZ"], process.umask(0o077)];
      try {
        process.env["TZ"] = "Asia/Kathmandu";
        utimesSync(join(folder, "program"), 1, 1);
        chmodSync(join(folder, "program"), 0o600);
        assert.equal(sha256(await write(name)), first);
      } finally {
        process.umask(mask);
        if (zone === undefined) delete process.env["TZ"];
        else process.env["TZ"] = zone;
      }
    });
  }

  test("has the program first, to be run by all, written by its owner, of the commit's time and of nobody", async () => {
    const seen: unknown[] = [];
    await list({
      file: await write("a.tar.gz"),
      onReadEntry: ({ path, mode, mtime, uid, uname, type }) => {
        seen.push({ path, mode, mtime, uid, uname, type });
      },
    });
    const nobodys = { mtime: at, uid: undefined, uname: "", type: "File" };
    assert.deepEqual(seen, [
      { path: bin, mode: 0o755, ...nobodys },
      { path: "LICENSE", mode: 0o644, ...nobodys },
    ]);
  });

  test("without a licence is refused", async () => {
    const file = await write("b.tar.gz", entries().slice(0, 1));
    assert.deepEqual(await problems(file), ["there is no licence in it"]);
  });

  test("whose program may not be run is refused", async () => {
    const plain = entries().map(({ name, from }) => ({ name, from }));
    const file = await write("b.tar.gz", plain);
    assert.deepEqual(await problems(file), [`${bin} may not be run by everybody`]);
  });

  test("without the program is refused", async () => {
    const file = await write("b.zip", entries().slice(1));
    assert.deepEqual(await problems(file), [`${bin} is not in it`]);
  });

  test("with a symbolic link is refused", async () => {
    symlinkSync("program", join(folder, bin));
    writeFileSync(join(folder, "LICENSE"), "a licence");
    const file = join(folder, "c.tar.gz");
    await create({ file, cwd: folder, gzip: true }, [bin, "LICENSE"]);
    assert.match((await problems(file)).join(), /is a SymbolicLink; krew unpacks files only/);
  });

  test("that leads outside is refused", async () => {
    const outside = join(folder, "e.tar.gz");
    await create({ file: outside, cwd: folder, gzip: true, preservePaths: true }, [join(folder, "licence")]);
    assert.match((await problems(outside)).join(), /leads outside/);
  });

  test("of other bytes than the manifest says, or of another kind, is refused", async () => {
    const file = await write("a.tar.gz");
    const entry = entryOf(file);
    writeFileSync(file, readFileSync(file).subarray(1));
    assert.deepEqual(await archiveProblems(file, entry), [
      "it is neither a .tar.gz nor a .zip, by its first bytes",
    ]);
    await write("a.tar.gz", entries().toReversed());
    assert.deepEqual(await archiveProblems(file, entry), ["its SHA-256 is not the manifest's"]);
  });

  const problems = (file: string) => archiveProblems(file, entryOf(file));
  const entryOf = (file: string) => ({ uri: "", selector: {}, bin, sha256: sha256(file) });
});

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
