import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { openBundle, signs } from "../../webhook/serving/keyed.ts";
import { mintAuthority, mintLeaf } from "../../webhook/serving/mint.ts";
import { eventually } from "../cluster/eventually.ts";
import { certificateConfig, clock, serviceHost } from "./fixtures.ts";
import { live, start } from "./lifecycle.ts";
import { type MemoryApi, memoryApi } from "./memory-api.ts";

const hour = 3_600_000;
const config = { ...certificateConfig, leafLifetimeMs: 24 * hour, authorityLifetimeMs: 96 * hour };

describe("the self-managed serving certificate", () => {
  it("is for the Service's names, for servers only, and by an authority that signs nothing else", async () => {
    const api = memoryApi();
    const replica = start(api, config, clock);
    await eventually("it is ready", () => replica.certificate.problems().length === 0);
    const leaf = replica.served();
    const [authority] = openBundle(api.bundle()).certificates;
    assert.ok(leaf && authority);
    assert.equal(leaf.checkHost(serviceHost), serviceHost);
    assert.ok(leaf.checkHost(`${serviceHost}.cluster.local`));
    assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.ok(!leaf.ca && authority.ca && signs(authority, leaf));
    await replica.certificate.stop();
  });

  it("is one and the same for replicas that start together", async () => {
    const api = memoryApi();
    const replicas = Array.from({ length: 5 }, () => start(api, config, clock));
    await eventually("all are ready", () => replicas.every((one) => one.certificate.problems().length === 0));
    assert.equal(new Set(replicas.map((one) => one.certificate.current()?.fingerprint)).size, 1);
    await Promise.all(replicas.map((one) => one.certificate.stop()));
  });

  for (const nth of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
    for (const moment of ["before", "after"] as const) {
      it(`is renewed without a gap by a replica that takes over from one killed ${moment} write ${nth}`, async () => {
        const { gaps, leaves, killed } = await live(memoryApi(), config, nth, moment);
        assert.deepEqual(gaps, []);
        assert.ok(killed && leaves.size >= 4);
      });
    }
  }

  it("is trusted again when somebody empties the caBundle", async () => {
    const api = memoryApi();
    const replica = start(api, config, clock);
    await eventually("it is ready", () => replica.certificate.problems().length === 0);
    const before = api.bundle();
    api.setBundle("");
    await eventually("the caBundle is back", () => api.bundle() === before);
    await replica.certificate.stop();
  });

  const unusable: Readonly<Record<string, (api: MemoryApi) => void>> = {
    emptied: (api) => api.setData({}),
    "overwritten with something else": (api) =>
      api.setData(Object.fromEntries(Object.keys(api.data()).map((key) => [key, "\u0000garbage-----BEGIN"]))),
    "given the key of another": (api) =>
      api.setData({ ...api.data(), "ca.key": api.data()["tls.key"] ?? "" }),
  };
  for (const [what, spoil] of Object.entries(unusable)) {
    it(`goes on, towards a new authority and without a gap, when its Secret is ${what}`, async () => {
      const api = memoryApi();
      const replicas = [1, 2, 3].map(() => start(api, config, clock));
      const ready = () => replicas.every(({ certificate }) => certificate.problems().length === 0);
      await eventually("all are ready", ready);
      const old = api.data()["ca.crt"];
      spoil(api);
      await eventually(
        "all serve by a new authority",
        () => {
          assert.ok(ready(), "a replica serves what is not trusted");
          const [authority] = openBundle(api.data()["ca.crt"] ?? "").certificates;
          return (
            api.data()["ca.crt"] !== old &&
            replicas.every((one) => authority !== undefined && signs(authority, one.served() ?? authority))
          );
        },
        { everyMs: 5 },
      );
      assert.ok(api.bundle().includes(old ?? "?"), "the old authority is trusted until it expires");
      await Promise.all(replicas.map(({ certificate }) => certificate.stop()));
    });
  }

  it("is replaced when the Secret's leaf is for another name", async () => {
    const api = memoryApi();
    const minting = { now: clock(), lifetimeMs: 90 * hour };
    const authority = await mintAuthority(minting);
    const leaf = await mintLeaf(authority, ["elsewhere.svc"], minting);
    api.setData({
      "ca.crt": authority.certificate,
      "ca.key": authority.key,
      "tls.crt": leaf.certificate,
      "tls.key": leaf.key,
    });
    const replica = start(api, config, clock);
    await eventually("it is ready", () => replica.certificate.problems().length === 0);
    assert.equal(api.data()["ca.crt"], authority.certificate);
    assert.ok(replica.served()?.checkHost(serviceHost));
    await replica.certificate.stop();
  });

  it("is made anew when the clock has jumped past everything's end, or back before its beginning", async () => {
    for (const jump of [1000 * hour, -1000 * hour]) {
      const api = memoryApi();
      let offset = 0;
      const replica = start(api, config, () => new Date(Date.now() + offset));
      await eventually("it is ready", () => replica.certificate.problems().length === 0);
      const old = replica.served()?.serialNumber;
      offset = jump;
      await eventually("another is served", () => replica.served()?.serialNumber !== old);
      await eventually("it is ready again", () => replica.certificate.problems().length === 0);
      await replica.certificate.stop();
    }
  });

  it("says what is missing, and serves on, when the API server does not answer", async () => {
    const api = memoryApi();
    let away = false;
    const flaky = {
      ...api,
      readConfiguration: async () => {
        if (away) throw new Error("connect ECONNREFUSED");
        return await api.readConfiguration();
      },
    };
    const replica = start(flaky, config, clock);
    await eventually("it is ready", () => replica.certificate.problems().length === 0);
    away = true;
    const late = start(flaky, config, clock);
    await eventually("the late one says why", () =>
      late.certificate.problems().join().includes("ECONNREFUSED"),
    );
    assert.deepEqual(replica.certificate.problems(), []);
    away = false;
    await eventually("the late one is ready", () => late.certificate.problems().length === 0);
    await Promise.all([replica, late].map(({ certificate }) => certificate.stop()));
  });

  it("ends no later than its authority, and is written so that OpenSSL reads it, beyond 2049 too", async () => {
    const now = new Date("2049-12-31T12:00:00Z");
    const authority = await mintAuthority({ now, lifetimeMs: 24 * hour });
    const leaf = new X509Certificate(
      (await mintLeaf(authority, ["a.svc"], { now, lifetimeMs: 48 * hour })).certificate,
    );
    assert.equal(leaf.validToDate.toISOString(), "2050-01-01T12:00:00.000Z");
  });
});
