// Every command of trust/rules/README.md, each block by itself, as somebody types it who has the files that it names
// in their folder. No guard is there: whether a write should pass is not asked here, but whether the words do.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bundle } from "../certificates/index.ts";
import { skipWithout } from "../chart/programs.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { type Desk, deskAt } from "./desk.ts";
import { blocksOf } from "./pages.ts";

const page = "trust/rules/README.md";

// Not ours to build: what step would make lies in the folder already, and the others only hear what they are asked.
const programs = {
  step: 'test "$1 $2" = "certificate create"',
  cmctl: 'test "$1" = renew',
  "kubectl-argo": 'test "$1 $2" = "rollouts restart"',
};

describe(page, { skip: skipWithout("helm") }, () => {
  const { first, second, live } = mintMaterial(new Date());
  let cp: ControlPlane;
  let desk: Desk;
  before(async () => {
    cp = await startControlPlane();
    const issuer = { chainPem: live.pem, keyPem: live.keyPem, anchorPem: first.pem };
    await installLinkerd(cp, { bundle: bundle(first), issuer, scheme: "kubernetes.io/tls" });
    await inject(cp, { namespace: "shop", name: "web", bundle: bundle(first) });
    desk = await deskAt(cp, { guardPort: 1, programs });
  });
  after(() => cp.stop());

  beforeEach(async () => {
    const files = {
      ...{ "ca.crt": second.pem, "ca.key": second.keyPem, "issuer.crt": live.pem, "issuer.key": live.keyPem },
      ...{ "intermediate.crt": first.pem, "other.key": live.keyPem },
      ...{ "bundle.crt": bundle(first), "mixed.pem": bundle(first) + first.keyPem },
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(desk.dir, name), text);
  });

  for (const { line, kind, text } of blocksOf(page)) {
    if (kind !== "sh") continue;
    const skip = text.includes("helm upgrade linkerd-control-plane") && "Linkerd's chart is not here";
    test(`line ${line}: ${text.trim().split("\n").at(-1)}`, { skip }, async () => {
      const script = text.replaceAll("NAMESPACE", "shop").replaceAll("NAME", "web");
      // kubectl refuses a second restart within a second; nobody types two blocks that fast.
      if (script.includes("rollout restart")) await sleep(1_000 - (Date.now() % 1_000));
      const { code, output } = await desk.run(script);
      assert.equal(code, 0, output);
    });
  }
});
