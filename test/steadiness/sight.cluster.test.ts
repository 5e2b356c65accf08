import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { bundle } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";
import { issuerOf, trustRootsOf } from "../scenarios/manifests.ts";
import { ask } from "./ask.ts";
import { type Observed, observe } from "./observed.ts";
import { installProxy, issuerPath, trustRootsPath } from "./trust.ts";

const patient = { timeoutMs: 90_000 };

describe("a guard whose sight is taken away", { skip }, () => {
  let here: Observed;
  before(async () => {
    here = await observe();
    await installProxy(here.cp, here.material.first, here.material.second);
  });
  after(() => here.end());
  afterEach(async () => {
    here.wire.thaw();
    here.wire.cut();
    await eventually("it is ready again", isReady, patient);
  });
  // Only ever forward: what was heard at a later time would stay heard of.
  let ahead = 0;
  const later = (seconds: number) => {
    ahead += seconds * 1000;
    return here.shiftClock(ahead);
  };
  const isReady = async () => (await here.guard.readiness()).status === 200;
  const answers = async () => {
    const { material: m, guard } = here;
    const good = await ask(guard, trustRootsOf([m.first, m.second]), trustRootsOf([m.first]));
    const bad = await ask(guard, trustRootsOf(""), trustRootsOf([m.first]));
    return { good, bad };
  };
  const judges = async () => {
    const { good, bad } = await answers();
    return good.allowed && bad.message.includes("[bundle-present]");
  };
  /** What needs no look at the other object goes on; other certificates wait until it can be read. */
  const judgesWhatItCan = async () => {
    const { material: m, guard } = here;
    const { good, bad } = await answers();
    const label = trustRootsOf([m.first], { labels: { team: "platform" } });
    const harmless = await ask(guard, label, trustRootsOf([m.first]));
    assert.deepEqual([good.allowed, good.code], [false, 503]);
    assert.match(good.message, /lost sight of Secret linkerd-identity-issuer/);
    return harmless.allowed && bad.message.includes("[bundle-present]");
  };
  const isBlindTo = async (what: string) => {
    const { good, bad } = await answers();
    assert.deepEqual([good.allowed, bad.allowed], [false, false]);
    const { status, text } = await here.guard.readiness();
    return status === 503 && text.includes(what) && good.code === 503 && good.message.includes(what);
  };

  it("lets no other certificates in while it cannot read the other object, and catches up after", async () => {
    const { cp, guard, wire, material: m } = here;
    const both = { data: { "ca-bundle.crt": bundle(m.first, m.second) } };
    wire.freeze();
    const { status, body } = await cp.api<{ message: string }>("PATCH", trustRootsPath, both);
    assert.deepEqual([status, /lost sight of Secret/.test(body.message)], [503, true], body.message);
    wire.thaw();
    wire.cut();
    await eventually(
      "the bundle is let in",
      async () => (await cp.api("PATCH", trustRootsPath, both)).status === 200,
      patient,
    );
    const renewed = issuerOf(m.next);
    await eventually(
      "it knows the second anchor",
      async () => (await ask(guard, renewed, issuerOf(m.live))).allowed,
      patient,
    );
    await mustApi(cp.api, "PATCH", trustRootsPath, { data: { "ca-bundle.crt": bundle(m.first) } });
    await eventually("it knows that it is gone", async () => {
      const { message } = await ask(guard, renewed, issuerOf(m.live));
      return message.includes("[issuer-chains-to-anchor]");
    });
  });

  it("refuses to guess once a frozen wire has been silent for a minute, and says so", async () => {
    here.wire.freeze();
    await eventually("it judges what it can", judgesWhatItCan, patient);
    await later(61);
    await eventually("it is blind", () => isBlindTo("linkerd-identity-issuer"));
    here.wire.thaw();
    here.wire.cut();
    await eventually("it sees again", async () => (await isReady()) && (await judges()), patient);
  });

  it("stays up while the API server is away, is honest about it, and recovers by itself", async () => {
    const { cp, guard } = here;
    await cp.apiserver.stop();
    await eventually("it judges what it can", judgesWhatItCan, patient);
    await later(61);
    await eventually("it is blind", () => isBlindTo("linkerd-identity-trust-roots"));
    assert.equal((await fetch(`http://127.0.0.1:${guard.metricsPort}/healthz`)).status, 200);
    await cp.apiserver.start();
    await eventually("it sees again", async () => (await isReady()) && (await judges()), patient);
  });

  it("says that the mesh cannot be seen when it may not list pods any more, and judges the rest", async () => {
    const { cp, guard, material: m } = here;
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/linkerd-certs";
    const { rules } = await mustApi<{ rules: { resources: string[] }[] }>(cp.api, "GET", path);
    const without = rules.filter(({ resources }) => !resources.includes("pods"));
    await mustApi(cp.api, "PATCH", path, { rules: without });
    here.wire.cut();
    await later(121);
    const warned = async () =>
      (await ask(guard, issuerOf(m.renewed), issuerOf(m.live))).warnings.some(
        (text) => text.startsWith("the mesh cannot be seen") && text.includes("forbidden"),
      );
    await eventually(
      "it warns",
      async () => (await judges()) && (await isReady()) && (await warned()),
      patient,
    );
    await mustApi(cp.api, "PATCH", path, { rules });
    await eventually("it warns no more", async () => !(await warned()), patient);
  });

  it("is not ready and refuses when it may not read the issuer any more", async () => {
    const { cp } = here;
    const path = "/apis/rbac.authorization.k8s.io/v1/namespaces/linkerd/roles/linkerd-certs";
    const { rules } = await mustApi<{ rules: { resources: string[] }[] }>(cp.api, "GET", path);
    const without = rules.filter(({ resources }) => !resources.includes("secrets"));
    await mustApi(cp.api, "PATCH", path, { rules: without });
    here.wire.cut();
    await later(61);
    const forbidden = async () => (await here.guard.readiness()).text.includes("is forbidden");
    const blind = async () =>
      (await isBlindTo("Secret linkerd/linkerd-identity-issuer")) && (await forbidden());
    await eventually("it is blind, and says why", blind, patient);
    await mustApi(cp.api, "PATCH", path, { rules });
    await eventually("it sees again", async () => (await isReady()) && (await judges()), patient);
    const { status } = await cp.api("PUT", `${issuerPath}?dryRun=All`, issuerOf(here.material.renewed));
    assert.equal(status, 200);
  });
});
