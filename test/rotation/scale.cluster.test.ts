// What a rotation asks of an API server and of the machine that it runs on does not grow faster than the mesh.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skip } from "../cluster/skip.ts";
import { thorough } from "./effort.ts";
import { type Meddler, startMeddler } from "./meddler.ts";
import { startMesh } from "./mesh.ts";
import { assertDone, assertRenewed, incoming, restarts, rotating } from "./rotating.ts";

const sizes = thorough
  ? [
      { workloads: 100, replicas: 10 },
      { workloads: 1_000, replicas: 10 },
    ]
  : [
      { workloads: 10, replicas: 2 },
      { workloads: 60, replicas: 2 },
    ];

/** By that much the peaks of one and the same run differ: it is up to the garbage collector when it comes. */
const collectorMiB = 30;

interface Cost {
  readonly workloads: number;
  readonly requests: number;
  readonly peakMiB: number;
  readonly seconds: number;
}

describe("a large mesh", { skip }, () => {
  test("costs as many requests for each workload as a small one, and little more memory", async (t) => {
    const costs: Cost[] = [];
    for (const { workloads, replicas } of sizes) {
      const mesh = await startMesh({ workloads, replicas, perNamespace: 50 });
      const meddler = await startMeddler(mesh.cp);
      try {
        const to = incoming(mesh.cp);
        await mesh.standIn.reset();
        const began = Date.now();
        const ended = await rotating(mesh, to, ["--max-parallel", "20"], meddler.kubeconfig).ended;
        assertDone(ended);
        const seconds = Math.round((Date.now() - began) / 1000);
        costs.push({ workloads, requests: meddler.total, peakMiB: Math.round(ended.peakMiB), seconds });
        const { handshakes } = await assertRenewed(mesh, to.authority);
        for (const [workload, count] of await restarts(mesh.cp))
          assert.ok(count <= 3, `${workload} was restarted ${count} times`);
        t.diagnostic(
          `${workloads} workloads, ${workloads * replicas} pods: ${meddler.total} requests ` +
            `(${mostOf(meddler)}), ${ended.peakMiB.toFixed(0)} MiB at most, ${seconds} s; ` +
            `${handshakes.tried} handshakes, ${handshakes.failed} failed`,
        );
      } finally {
        meddler.stop();
        await mesh.stop();
      }
    }
    const [small, large] = costs;
    assert.ok(small !== undefined && large !== undefined);
    const perWorkload = (large.requests - small.requests) / (large.workloads - small.workloads);
    t.diagnostic(`${perWorkload.toFixed(2)} requests for each further workload, three restarts each`);
    // A restart is a patch and an Event.
    assert.ok(perWorkload < 8, `${perWorkload} requests for each further workload`);
    const more = large.peakMiB - small.peakMiB;
    const allowed = 0.25 * (large.workloads - small.workloads) + collectorMiB;
    assert.ok(more < allowed, `${more} MiB for ${large.workloads - small.workloads} further workloads`);
  });
});

function mostOf({ requests }: Meddler): string {
  const most = [...requests].sort(([, a], [, b]) => b - a).slice(0, 6);
  return most.map(([what, count]) => `${count} ${what}`).join(", ");
}
