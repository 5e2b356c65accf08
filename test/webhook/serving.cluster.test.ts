import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Cluster, connect } from "../../cluster/connect.ts";
import { clusterServingApi } from "../../webhook/serving/cluster-api.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { certificateConfig, clock } from "./fixtures.ts";
import { live } from "./lifecycle.ts";
import {
  applyFresh,
  configurationPath,
  guardAccount,
  join,
  type Replica,
  readBundle,
  secretPath,
  startCallers,
} from "./serving-cluster.ts";

const hour = 3_600_000;
const longLived = {
  ...certificateConfig,
  leafLifetimeMs: 24 * hour,
  authorityLifetimeMs: 96 * hour,
  settleMs: 1000,
  pollMs: 200,
};
/** How old the caBundle may be that a client goes by: less than the settle time. */
const lagMs = 500;

describe("the self-managed certificate and a real API server", { skip }, () => {
  let cp: ControlPlane;
  let cluster: Cluster;
  let balancer: Balancer;
  let replicas: Replica[] = [];
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    cluster = await connect({ kubeconfig: await guardAccount(cp) });
    balancer = await startBalancer();
  });
  after(async () => {
    await Promise.all(replicas.map((replica) => replica.leave()));
    cluster.close();
    await balancer.close();
    await cp.stop();
  });
  beforeEach(async () => {
    await Promise.all(replicas.map((replica) => replica.leave()));
    await applyFresh(cp, balancer.port);
    replicas = [];
  });
  const joinAll = async (count: number, config = longLived) => {
    replicas = await Promise.all(Array.from({ length: count }, () => join(cluster, config, balancer)));
  };
  const fingerprints = () => new Set(replicas.map(({ certificate }) => certificate.current()?.fingerprint));
  const authority = async () => {
    const { data } = await mustApi<{ data?: Record<string, string> }>(cp.api, "GET", secretPath);
    const pem = Buffer.from(data?.["ca.crt"] ?? "", "base64");
    return pem.length === 0 ? undefined : new X509Certificate(pem).fingerprint256;
  };

  it("lets the API server call three replicas that started at once, as soon as they say they are ready", async () => {
    await joinAll(3);
    assert.equal(fingerprints().size, 1);
    const callers = startCallers(cp, balancer, lagMs);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await eventually("both came through", callers.cameThrough);
    assert.deepEqual((await callers.stop()).failures, []);
  });

  it("changes leaf and authority under load, with replicas coming and going, and no call fails", async (t) => {
    const config = {
      ...longLived,
      leafLifetimeMs: 9000,
      authorityLifetimeMs: 27_000,
      settleMs: 1000,
      pollMs: 200,
    };
    await joinAll(3, config);
    const callers = startCallers(cp, balancer, lagMs);
    const authorities = new Set<string | undefined>();
    const leaves = new Set<string | undefined>();
    const enough = async () => {
      authorities.add(await authority());
      for (const one of fingerprints()) leaves.add(one);
      return authorities.size >= 3;
    };
    for (let turn = 0; !(await enough()); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      if (turn % 12 !== 11) continue;
      const [oldest, ...rest] = replicas;
      replicas = [...rest, await join(cluster, config, balancer)];
      await oldest?.leave();
    }
    const { calls, handshakes, failures } = await callers.stop();
    t.diagnostic(
      `${calls} writes, ${handshakes} handshakes, ${leaves.size} leaves, ${authorities.size} authorities`,
    );
    assert.deepEqual(failures, []);
    assert.ok(leaves.size >= 6);
  });

  it("goes on without a failed call when its Secret is emptied, and changes to a new authority", async () => {
    await joinAll(3);
    const old = await authority();
    const callers = startCallers(cp, balancer, lagMs);
    await mustApi(cp.api, "PATCH", secretPath, { data: null });
    await eventually("all serve by the new authority", async () => {
      const now = await authority();
      const bundle = await readBundle(cp);
      return (
        now !== undefined && now !== old && bundle.split("BEGIN").length === 3 && fingerprints().size === 1
      );
    });
    assert.deepEqual((await callers.stop()).failures, []);
  });

  it("is trusted again when somebody empties the caBundle or fills it with another's", async () => {
    await joinAll(2);
    const bundle = await readBundle(cp);
    for (const caBundle of [
      undefined,
      Buffer.from(new X509Certificate(bundle).toString()).toString("base64"),
    ]) {
      interface Configuration {
        readonly webhooks: { clientConfig: { caBundle?: string | undefined } }[];
      }
      const configuration = await mustApi<Configuration>(cp.api, "GET", configurationPath);
      for (const { clientConfig } of configuration.webhooks.slice(1)) clientConfig.caBundle = caBundle;
      await mustApi(cp.api, "PUT", configurationPath, configuration);
      await eventually("every webhook has it", async () => {
        const { webhooks } = await mustApi<Configuration>(cp.api, "GET", configurationPath);
        const wanted = Buffer.from(bundle).toString("base64");
        return webhooks.every(({ clientConfig }) => clientConfig.caBundle === wanted);
      });
    }
  });

  it("owns nothing of the webhook configuration but the caBundle", async () => {
    await joinAll(1);
    interface Managed {
      readonly metadata: {
        readonly managedFields: readonly { readonly manager: string; readonly fieldsV1: unknown }[];
      };
    }
    const { metadata } = await mustApi<Managed>(cp.api, "GET", configurationPath);
    const ours = metadata.managedFields.filter(({ manager }) => manager === "linkerd-certs-serving");
    assert.equal(ours.length, 1);
    const clientConfig = { "f:clientConfig": { "f:caBundle": {} } };
    assert.deepEqual(ours[0]?.fieldsV1, {
      "f:webhooks": {
        'k:{"name":"issuer.linkerd-certs.io"}': clientConfig,
        'k:{"name":"trust-roots.linkerd-certs.io"}': clientConfig,
      },
    });
  });

  it("is ready without a webhook configuration, which may be applied last", async () => {
    await cp.api("DELETE", configurationPath);
    await joinAll(2);
    await applyFreshConfiguration();
    await eventually("the caBundle is there", async () => (await readBundle(cp)) !== "");
  });
  const applyFreshConfiguration = () => applyFresh(cp, balancer.port);

  it("is served on while the API server is away, and looked after when it is back", async () => {
    await joinAll(2);
    const served = fingerprints();
    await cp.apiserver.stop();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const { certificate } of replicas) assert.deepEqual(certificate.problems(), []);
    await cp.apiserver.start();
    await mustApi(cp.api, "PATCH", secretPath, { data: null });
    await eventually("the Secret is filled", async () => (await authority()) !== undefined);
    await eventually(
      "another is served by all",
      () => fingerprints().size === 1 && !fingerprints().has([...served][0]),
    );
  });

  for (const nth of [1, 2, 3, 4, 5, 6, 7, 8]) {
    for (const moment of ["before", "after"] as const) {
      it(`is renewed without a gap by a replica that takes over from one killed ${moment} write ${nth}`, async () => {
        const config = { ...longLived, settleMs: 50, pollMs: 20 };
        const { watch: _, ...polled } = clusterServingApi(cluster, config, clock);
        const { gaps, leaves, killed } = await live(polled, config, nth, moment);
        assert.deepEqual(gaps, []);
        assert.ok(killed && leaves.size >= 4);
      });
    }
  }
});
