// docs/first-ten-minutes.md, typed from top to bottom by somebody who has a cluster with Linkerd and a clone.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { skipWithout } from "../chart/programs.ts";
import { freePorts } from "../cluster/ports.ts";
import { krewAvailable } from "../release/krew-programs.ts";
import type { Mesh } from "../rotation/mesh.ts";
import { type Desk, deskAt } from "./desk.ts";
import { type Guarding, guarding } from "./guarding.ts";
import { type Published, published } from "./krew-index.ts";
import { home, readPage } from "./pages.ts";
import { emojivoto } from "./staging.ts";
import { tellPage, writes } from "./telling.ts";
import { screensOf, transcriptOf } from "./transcript.ts";

const skip = skipWithout("helm") || (krewAvailable() === "missing-go" && "needs Go to build krew");

const page = "docs/first-ten-minutes.md";
const transcript = "docs/first-ten-minutes-transcript.txt";

describe("docs/first-ten-minutes.md", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "linkerd-certs-minutes-"));
  let plugin: Published | undefined;
  let mesh: Mesh | undefined;
  let guard: Guarding | undefined;
  let desk: Desk;

  before(async () => {
    plugin = await published(folder);
    mesh = await emojivoto();
    const [guardPort = 0] = await freePorts(1);
    guard = guarding(mesh.cp, guardPort);
    const programs = { "kubectl-krew": plugin.krew };
    desk = await deskAt(mesh.cp, { guardPort, programs, path: [plugin.bin], plugin: false });
  });
  after(async () => {
    await guard?.end();
    await mesh?.stop();
    plugin?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const typed = tellPage({
    page,
    desk: () => desk,
    after: async (command) => guard?.after(command),
  });
  test("the transcript is of this page as it is", () => {
    if (writes) writeFileSync(join(home, transcript), transcriptOf(page, typed));
    assert.deepEqual(
      screensOf(readPage(transcript)).map(({ command }) => command),
      typed.map(({ command }) => command.trimEnd()),
    );
  });
});
