// Every command of trust/rules/README.md, each block by itself, as somebody types it who has the files that it names
// in their folder, but those that it makes. No guard is there: whether a write should pass is not asked here, but
// whether the words do, and whether the certificates that come of them are sound where others were not.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bundle, type Minted } from "../certificates/index.ts";
import { skipWithout } from "../chart/programs.ts";
import { mustApi } from "../cluster/api.ts";
import { defineArgoRollouts } from "../cluster/argo-rollouts.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { create, inject, installLinkerd } from "../cluster/linkerd.ts";
import { objectPath } from "../cluster/paths.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { ailingAt, trustOf } from "./ailing.ts";
import { type Desk, deskAt } from "./desk.ts";
import { madeBy, makerOf, trustIn, wrongIn } from "./made.ts";
import { pagePrograms, skipWithoutPagePrograms } from "./page-programs.ts";
import { blocksOf, readPage } from "./pages.ts";

const page = "trust/rules/README.md";
const text = readPage(page);

// Not ours to build: it only hears what it is asked.
const cmctl = 'test "$1" = renew';

describe(page, { skip: skipWithout("helm") || skipWithoutPagePrograms }, () => {
  const ailing = ailingAt(new Date());
  const { first, second, live } = mintMaterial(new Date());
  let cp: ControlPlane;
  let desk: Desk;
  before(async () => {
    const programs = { ...(await pagePrograms()), cmctl };
    cp = await startControlPlane();
    const issuer = { chainPem: live.pem, keyPem: live.keyPem, anchorPem: first.pem };
    await installLinkerd(cp, { bundle: bundle(first), issuer, scheme: "kubernetes.io/tls" });
    await inject(cp, { namespace: "shop", name: "web", bundle: bundle(first) });
    await defineArgoRollouts(cp, ["Rollout"]);
    await create(cp, rollout);
    desk = await deskAt(cp, { guardPort: 1, programs });
  });
  after(() => cp?.stop());

  /** In the folder lies what a block names, and nothing of what step is to make. */
  function lay(script: string, ca = second): void {
    const files = {
      ...{ "ca.crt": ca.pem, "ca.key": ca.keyPem, "issuer.crt": live.pem, "issuer.key": live.keyPem },
      ...{ "intermediate.crt": first.pem, "other.key": live.keyPem },
      ...{ "bundle.crt": bundle(first), "mixed.pem": bundle(first) + first.keyPem },
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(desk.dir, name), content);
    for (const name of madeBy(script)) rmSync(join(desk.dir, name), { force: true });
  }

  async function typed(script: string): Promise<void> {
    const { code, output } = await desk.run(script.replaceAll("NAMESPACE", "shop").replaceAll("NAME", "web"));
    assert.equal(code, 0, output);
  }

  for (const { line, kind, text: script } of blocksOf(page)) {
    if (kind !== "sh") continue;
    const skip = script.includes("helm upgrade linkerd-control-plane") && "Linkerd's chart is not here";
    const made = madeBy(script);
    const section = sectionAt(line);
    test(`line ${line}: ${script.trim().split("\n").at(-1)}`, { skip }, async (t) => {
      // No block lives on what another has written: the issuer is the first one's again, by the page's own words.
      if (made.includes("issuer.crt")) t.after(() => restored(desk, live));
      const ill = ailing[section];
      lay(script, ill?.anchor);
      // kubectl refuses a second restart within a second; nobody types two blocks that fast.
      if (script.includes("rollout restart")) await sleep(1_000 - (Date.now() % 1_000));
      await typed(script);
      if (script.includes("kubectl argo rollouts restart")) assert.ok(await restartAsked(cp));
    });
    if (made.length === 0) continue;
    test(`line ${line}: what step made mends what ${section} finds`, async () => {
      const ill = ailing[section];
      assert.ok(ill, `ailing.ts has nothing for ${section}`);
      assert.match(await wrongIn(desk, trustOf(ill)), new RegExp(`\\[${section}\\]$`, "m"));
      // An anchor by itself is judged with an issuer that the page's own words make of it.
      if (!made.includes("issuer.crt")) {
        for (const name of ["issuer.crt", "issuer.key"]) rmSync(join(desk.dir, name));
        await typed(makerOf("issuer.crt", text));
      }
      assert.equal(await wrongIn(desk, trustIn(desk.dir)), "");
    });
  }
});

function sectionAt(line: number): string {
  const lines = text.split("\n").slice(0, line);
  return lines.findLast((one) => one.startsWith("## "))?.slice(3) ?? "";
}

const labels = { app: "web-rollout" };
const rollout = {
  ...{ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { namespace: "shop", name: "web" } },
  spec: {
    selector: { matchLabels: labels },
    strategy: { canary: {} },
    template: { metadata: { labels }, spec: { containers: [{ name: "app", image: "example.test/app:1" }] } },
  },
} as never; // of a kind that the harness does not know

async function restored(desk: Desk, { pem, keyPem }: Minted): Promise<void> {
  for (const [name, content] of Object.entries({ "live.crt": pem, "live.key": keyPem }))
    writeFileSync(join(desk.dir, name), content);
  const words = "secret tls linkerd-identity-issuer --cert=live.crt --key=live.key --dry-run=client -o yaml";
  const apply = "kubectl apply --server-side --force-conflicts -f -";
  const { code, output } = await desk.run(`kubectl -n linkerd create ${words} | ${apply}`);
  assert.equal(code, 0, output);
}

async function restartAsked(cp: ControlPlane): Promise<string | undefined> {
  const path = objectPath("Rollout", "shop", "web");
  return (await mustApi<{ spec: { restartAt?: string } }>(cp.api, "GET", path)).spec.restartAt;
}
