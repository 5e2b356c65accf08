// One rotation at a time, on a real API server.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import type { Host } from "../../../cluster/rotation/host.ts";
import {
  type LeaseOptions,
  readLease,
  type Taken,
  takeLease,
} from "../../../cluster/rotation/lease/lease.ts";
import { leasePath } from "../../../cluster/rotation/lease/lease-object.ts";
import { whoAmI } from "../../../cluster/rotation/who-am-i.ts";
import { mustApi } from "../../cluster/api.ts";
import { eventually } from "../../cluster/eventually.ts";
import { skip } from "../../cluster/skip.ts";
import { bareCluster } from "./bare-cluster.ts";

const laptop: Host = { name: "laptop", user: "jane", machine: "m1", pid: 4711, isRunning: () => true };
const server: Host = { name: "server", user: "joe", machine: "m2", pid: 12, isRunning: () => true };

describe("the lease of a rotation", { skip }, () => {
  const bare = bareCluster();

  test("is held by one at a time; the second sees who, where, since when and what for", async () => {
    const first = await take("jane", laptop);
    assert.equal(first.outcome, "taken");
    const second = await take("joe", server);
    assert.equal(second.outcome, "held");
    if (second.outcome !== "held" || first.outcome !== "taken") return;
    const { by, standing } = second;
    assert.deepEqual([by.who, by.pid, by.purpose], ["jane@laptop", 4711, "rotate anchor"]);
    assert.ok(Math.abs(by.since.getTime() - Date.now()) < 600_000);
    assert.equal(standing.free, undefined);
    assert.ok(standing.lapsesInMs > 0);
    await first.lease.release();
    const third = await take("joe", server);
    assert.equal(third.outcome, "taken");
    await release(third);
  });

  test("is taken by one of many who ask at once", async () => {
    const all = await Promise.all(["a", "b", "c", "d", "e", "f"].map((user) => take(user, server)));
    const taken = all.filter(({ outcome }) => outcome === "taken");
    assert.equal(taken.length, 1);
    for (const one of all) await release(one);
  });

  test("is taken over at once from a process of the same machine that has ended", async () => {
    const killed = await take("jane", laptop);
    assert.equal(killed.outcome, "taken");
    const again = await take("jane", { ...laptop, pid: 4712, isRunning: () => false });
    assert.equal(again.outcome, "taken");
    assert.match(again.outcome === "taken" ? (again.tookOver ?? "") : "", /jane@laptop .*has ended/);
    await release(again);
  });

  test("is not taken over from an ended process of another machine, though its name is the same", async () => {
    const first = await take("jane", laptop);
    const other = await take("jane", { ...laptop, machine: "m3", pid: 1, isRunning: () => false });
    assert.equal(other.outcome, "held");
    await release(first);
  });

  test("is taken over when it has lapsed, and its old holder can write no more", async () => {
    const first = await take("jane", laptop);
    assert.ok(first.outcome === "taken");
    await first.lease.confirm();
    // It is renewed every ten seconds: long before that.
    await shortened(1);
    const second = await eventually("it lapses", async () => {
      const taken = await take("joe", server);
      return taken.outcome === "taken" && taken;
    });
    assert.match(second.tookOver ?? "", /jane@laptop .*not renewed for \d+ s/);
    await assert.rejects(laterConfirm(first), (error) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, /no longer holds .*joe@server took it over/);
      return true;
    });
    assert.ok(first.lease.lost.aborted);
    await first.lease.release(); // does not take it from the other
    assert.equal((await seen())?.holder.who, "joe@server");
    await release(second);
    assert.equal(await seen(), undefined);
  });

  test("is lost when somebody removes it", async () => {
    const first = await take("jane", laptop);
    await mustApi(bare.cp.api, "DELETE", leasePath("linkerd"));
    await assert.rejects(laterConfirm(first), /somebody removed it/);
  });

  test("is still ours after somebody labelled it, and after the API server was away", async () => {
    const first = await take("jane", laptop);
    assert.ok(first.outcome === "taken");
    await bare.cp.kubectl(["-n", "linkerd", "label", "lease", "linkerd-certs-rotation", "seen=yes"]);
    await laterConfirm(first);
    await bare.cp.apiserver.stop("SIGKILL");
    await assert.rejects(laterConfirm(first), Failure);
    assert.equal(first.lease.lost.aborted, false);
    await bare.cp.apiserver.start();
    await laterConfirm(first);
    await release(first);
  });

  test("names its holder as the API server knows him", async () => {
    assert.equal(await whoAmI(bare.cluster), "admin");
  });

  let later = 0;
  function take(user: string, host: Host): Promise<Taken> {
    return takeLease(bare.cluster, options(user, host));
  }

  function options(user: string, host: Host): LeaseOptions {
    const applicant = { user, host, purpose: "rotate anchor", session: `${user}-${Math.random()}` };
    return { namespace: "linkerd", applicant, clock: () => new Date(Date.now() + later) };
  }

  /** As confirm a quarter of a minute later, when the last renewal counts no more. */
  async function laterConfirm(taken: Taken): Promise<void> {
    assert.ok(taken.outcome === "taken");
    later += 20_000;
    await taken.lease.confirm();
  }

  async function release(taken: Taken): Promise<void> {
    if (taken.outcome === "taken") await taken.lease.release();
  }

  const seen = () => readLease(bare.cluster, { namespace: "linkerd", clock: () => new Date(), host: server });

  async function shortened(seconds: number): Promise<void> {
    const patch = JSON.stringify({ spec: { leaseDurationSeconds: seconds } });
    await bare.cp.kubectl([
      "-n",
      "linkerd",
      "patch",
      "lease",
      "linkerd-certs-rotation",
      "--type=merge",
      "-p",
      patch,
    ]);
  }
});
