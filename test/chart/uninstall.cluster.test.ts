import { after, before, describe, it } from "node:test";
import { mustApi } from "../cluster/api.ts";
import { eventually } from "../cluster/eventually.ts";
import { startGuardProcess } from "../guard/process.ts";
import { issuerOf, trustRootsOf } from "../scenarios/manifests.ts";
import { inForce, installTrust, issuerPath, trustRootsPath } from "../steadiness/trust.ts";
import { inventory, onlyLeft } from "./inventory.ts";
import { skipWithout } from "./programs.ts";
import { type Ground, prepareGround, type Release, releaseBy } from "./release.ts";

const helms = ["helm", "helm3"] as const;

describe("an uninstall leaves nothing, and nothing in the way", { skip: skipWithout(...helms) }, () => {
  let ground: Ground;
  let empty: readonly string[];
  before(async () => {
    ground = await prepareGround();
    empty = await eventually("the cluster is at rest", async () => {
      const [one, other] = [await inventory(ground.cp), await inventory(ground.cp)];
      return one.join() === other.join() && one;
    });
  });
  after(() => ground.cp.stop());

  for (const name of helms)
    describe(`by ${name}`, () => {
      let release: Release;
      before(async () => {
        release = await releaseBy(name, ground);
        await release.install();
      });

      it("with the guard up", async () => {
        const { cp, port } = ground;
        const guard = await startGuardProcess(cp, { port });
        try {
          await guard.ready();
          await inForce(cp);
          await release.uninstall();
          await onlyLeft(cp, empty);
          await writesPass();
        } finally {
          await guard.end();
        }
      });

      it("with the guard down", async () => {
        await release.install();
        await eventually("nobody answers", async () => (await writeIssuer()).status === 500);
        await release.uninstall();
        await onlyLeft(ground.cp, empty);
        await writesPass();
      });

      it("after Linkerd's namespace", async () => {
        const { cp, material } = ground;
        await release.install();
        await mustApi(cp.api, "DELETE", "/api/v1/namespaces/linkerd");
        await eventually("the namespace is gone", async () => {
          return (await cp.api("GET", "/api/v1/namespaces/linkerd")).status === 404;
        });
        await release.uninstall();
        const without = empty.filter((line) => !/ linkerd( |$)/.test(line));
        await onlyLeft(cp, without);
        await installTrust(cp, material);
        await onlyLeft(cp, empty);
      });
    });

  async function writesPass(): Promise<void> {
    const { cp, material } = ground;
    await eventually("writes pass", async () => {
      const answers = [
        await writeIssuer(),
        await cp.api("PUT", trustRootsPath, trustRootsOf([material.first])),
      ];
      return answers.every(({ status }) => status === 200);
    });
  }

  function writeIssuer() {
    return ground.cp.api("PUT", issuerPath, issuerOf(ground.material.live));
  }
});
