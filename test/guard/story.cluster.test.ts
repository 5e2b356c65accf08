import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { bundle } from "../certificates/index.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { carryOut } from "../demo/tell.ts";
import { type Material, mintMaterial } from "../scenarios/material.ts";
import { story } from "../scenarios/story.ts";
import { type Guarded, startGuarded } from "./guarded.ts";

describe("a mesh under guard", () => {
  let here: Guarded;
  let material: Material;

  before(async () => {
    material = mintMaterial(new Date());
    const { first, live } = material;
    here = await startGuarded({
      async prepare(cp) {
        const issuer = { chainPem: live.pem, keyPem: live.keyPem };
        await installLinkerd(cp, { bundle: bundle(first), issuer });
        await inject(cp, { namespace: "emojivoto", name: "web", replicas: 2, bundle: bundle(first) });
      },
    });
  });
  after(() => here.end());

  for (const step of story) {
    if ("restart" in step.write) {
      it(`(${step.title})`, async () => {
        await carryOut(here.cp, step, material);
      });
      continue;
    }
    it(`${step.refusedBy === undefined ? "lets pass" : "refuses"} ${step.title}`, async () => {
      const answer = await carryOut(here.cp, step, material);
      if (step.refusedBy === undefined) assert.equal(answer?.status?.message, undefined);
      else assert.match(answer?.status?.message ?? "(it passed)", new RegExp(`\\[${step.refusedBy}\\]`));
    });
  }

  it("logs no key and no certificate in all this", () => {
    const log = here.guard.log();
    assert.ok(log.includes("reviewed"));
    assert.doesNotMatch(log, /BEGIN|PRIVATE KEY|LS0tLS1/);
    for (const { keyPem } of [material.first, material.next, material.foreign]) {
      const line = keyPem.split("\n")[1] ?? "";
      assert.ok(!log.includes(line) && !log.includes(Buffer.from(keyPem).toString("base64").slice(40, 80)));
    }
  });

  it("counts what it decided", async () => {
    const metrics = await here.guard.metrics();
    assert.match(
      metrics,
      /admission_requests_total\{object="issuer",operation="UPDATE",decision="deny",dry_run="false"\} [1-9]/,
    );
    assert.match(metrics, /admission_denials_total\{rule="issuer-known-to-identity"\} 1\n/);
    assert.match(metrics, /admission_breakglass_total 1\n/);
  });
});
