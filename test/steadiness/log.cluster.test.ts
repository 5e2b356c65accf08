import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { skip } from "../cluster/skip.ts";
import { startGuardProcess } from "../guard/process.ts";
import { installGuard } from "../manifests/install.ts";
import { trustRootsOf } from "../scenarios/manifests.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { ask } from "./ask.ts";
import { installTrust } from "./trust.ts";

/** Of a refusal's log line, more than a pipe holds. */
const refusals = 400;

describe("a guard whose log goes nowhere", { skip }, () => {
  const material = mintMaterial(new Date());
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    await installTrust(cp, material);
    await installGuard(cp, { port: 1 });
    process.env["NODE_OPTIONS"] = `--require=${join(import.meta.dirname, "stdout.cjs")}`;
  });
  after(() => cp.stop());

  const outputs = {
    full: "standard output is on a full disk",
    closed: "the reader of its standard output is gone",
    stalled: "the reader of its standard output reads no more",
  };
  for (const [kind, what] of Object.entries(outputs)) {
    it(`goes on answering when ${what}`, { timeout: 60_000 }, async () => {
      process.env["LINKERD_CERTS_TEST_STDOUT"] = kind;
      process.env["LINKERD_CERTS_TEST_PIPE"] = join(cp.dir, `stdout-${kind}`);
      const guard = await startGuardProcess(cp);
      try {
        await guard.ready();
        for (let i = 0; i < refusals; i++) {
          const { message } = await ask(guard, trustRootsOf(""), trustRootsOf([material.first]));
          assert.match(message, /\[bundle-present\]/);
        }
        assert.equal((await guard.readiness()).status, 200);
      } finally {
        await guard.end("SIGKILL");
      }
    });
  }
});
