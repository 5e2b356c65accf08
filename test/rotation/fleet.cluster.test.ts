// Three clusters are one mesh: proxies of each meet those of the others. None issues from the new anchor before all
// trust it, and none drops the old one before all have moved.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { installLinkerd } from "../cluster/linkerd.ts";
import { skip } from "../cluster/skip.ts";
import { begin, type Told } from "./command.ts";
import { thorough } from "./effort.ts";
import { type Authority, addWorkloads, authority, installation, issuerOf } from "./mesh.ts";
import { assertDone, assertRenewed, type Incoming, incoming } from "./rotating.ts";
import { type StandIn, startStandIn } from "./standin/start-stand-in.ts";

const names = ["east", "north", "west"] as const;
const workloads = thorough ? 100 : 4;

describe("three clusters that share an anchor", { skip }, () => {
  let cps: readonly [ControlPlane, ControlPlane, ControlPlane];
  let standIn: StandIn;
  let to: Incoming;
  let ended: Awaited<ReturnType<typeof begin>["ended"]>;
  let seconds: number;

  before(async () => {
    const old = authority("old");
    cps = await Promise.all([startControlPlane(), startControlPlane(), startControlPlane()]);
    await Promise.all(cps.map((cp) => installLinkerd(cp, installation(ownIssuer(old)))));
    const [east, north, west] = cps;
    standIn = await startStandIn([
      { cp: east, name: "east" },
      { cp: north, name: "north" },
      { cp: west, name: "west" },
    ]);
    for (const cp of cps) await addWorkloads(cp, { workloads, replicas: 2 });
    to = incoming(east);
    await standIn.reset();
    const words = ["rotate", "anchor", ...names.flatMap((name) => ["--context", name]), ...to.words, "--yes"];
    const began = Date.now();
    ended = await begin(words, { kubeconfig: contexts(cps), dir: east.dir }).ended;
    seconds = Math.round((Date.now() - began) / 1000);
  });
  after(async () => {
    await standIn?.stop();
    await Promise.all(cps?.map((cp) => cp.stop()) ?? []);
  });

  test("one command takes them all to the new anchor, and no handshake fails within or between them", async (t) => {
    assertDone(ended);
    for (const cp of cps) await assertRenewed({ cp, standIn }, to.authority);
    const { handshakes } = await standIn.report();
    assert.ok(handshakes.tried > 100);
    t.diagnostic(
      `${names.length} clusters of ${workloads} workloads: ${ended.peakMiB.toFixed(0)} MiB at most, ${seconds} s; ` +
        `${handshakes.tried} handshakes, ${handshakes.failed} failed`,
    );
  });

  test("none issues from the new anchor before all trust it", () => {
    const trusting = names.map((name) => stageAt(ended.told, name, "overlapped"));
    const writes = ended.told.flatMap(({ type, step }, at) =>
      type === "step-begun" && step?.kind === "write-issuer" ? [at] : [],
    );
    assert.equal(writes.length, names.length);
    assert.ok(Math.min(...writes) > Math.max(...trusting), `${writes} after ${trusting}`);
  });

  test("none drops the old anchor before all leaves have moved", () => {
    const released = names.map((name) => stageAt(ended.told, name, "released"));
    const dropping = names.map((name) => stageAt(ended.told, name, "dropping"));
    assert.ok(Math.min(...dropping) > Math.max(...released), `${dropping} after ${released}`);
  });
});

/** The line in which the cluster was first told to be there. */
function stageAt(told: readonly Told[], cluster: string, stage: string): number {
  const at = told.findIndex(
    (line) => line.type === "stage" && line.cluster === cluster && line.stage === stage,
  );
  assert.notEqual(at, -1, `${cluster} was never ${stage}`);
  return at;
}

/** Each cluster has an issuer of its own. */
const ownIssuer = (of: Authority): Authority => ({ ...of, issuer: issuerOf(of.anchor) });

function contexts(cps: readonly ControlPlane[]): string {
  const file = join(cps[0]?.dir ?? "", "contexts");
  const named = <T>(make: (cp: ControlPlane, name: string) => T): T[] =>
    cps.map((cp, at) => make(cp, names[at] ?? ""));
  const config = {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "east" },
    contexts: named((_, name) => ({ name, context: { cluster: name, user: name } })),
    clusters: named((cp, name) => ({
      name,
      cluster: { server: cp.server, "certificate-authority": cp.caFile },
    })),
    users: named((cp, name) => ({ name, user: { token: cp.token } })),
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
