import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { anchor, bundle, day, hour, issuer, type Minted, year } from "../../certificates/index.ts";
import { mustApi } from "../../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { inject, installLinkerd } from "../../cluster/linkerd.ts";
import { restart } from "../../cluster/rollout.ts";
import { skip } from "../../cluster/skip.ts";
import { testWorld } from "../world.ts";

// The API server's clock is the real one, so certificates are dated from now.
const start = Date.now();
const dated = (from: number, until: number) => ({
  notBefore: new Date(start + from),
  notAfter: new Date(start + until),
});
const root = anchor("root", dated(-30 * day, 10 * year));
const other = anchor("other root", dated(-30 * day, 10 * year));
const sound = issuer(root, dated(-7 * day, year));
const expired = issuer(root, dated(-7 * day, -hour));

describe("report, of a real API server", { skip }, () => {
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane();
    const { pem: chainPem, keyPem } = sound;
    await installLinkerd(cp, { bundle: bundle(root), issuer: { chainPem, keyPem } });
    await inject(cp, { name: "web", namespace: "shop", bundle: bundle(root), replicas: 2 });
    await setTimeout(1100); // times have whole seconds
    for (const name of ["identity", "destination", "proxy-injector"])
      await restart(cp, { name: `linkerd-${name}`, namespace: "linkerd" });
  });
  after(() => cp.stop());

  async function report(): Promise<{ page: string; stderr: string }> {
    const world = testWorld({ kubeconfig: cp.kubeconfig, now: new Date() });
    const { code, stdout, stderr } = await world.run("report", "-o", "trust.html");
    assert.deepEqual([code, stdout], [0, ""]);
    const page = world.file("trust.html");
    for (const { keyPem } of [root, other, sound, expired] satisfies Minted[])
      for (const line of keyPem.match(/^[^-\n]{12}/gm) ?? []) assert.ok(!page.includes(line));
    return { page, stderr };
  }

  test("a healthy mesh", async () => {
    const { page, stderr } = await report();
    assert.match(stderr, /^wrote trust\.html: All is well: \d+ questions, no finding\n$/);
    assert.match(page, /2 proxies trust this issuer/);
    assert.match(page, /signs with the Secret&#39;s issuer/);
    assert.match(page, /<time [^>]*>[^<]*<\/time>, <span class="distance">in 364 days<\/span>/);
  });

  test("a sick one", async () => {
    await inject(cp, { name: "old", namespace: "shop", bundle: bundle(other) });
    const data = { "crt.pem": btoa(expired.pem.trim()), "key.pem": btoa(expired.keyPem.trim()) };
    await mustApi(cp.api, "PATCH", "/api/v1/namespaces/linkerd/secrets/linkerd-identity-issuer", { data });
    const { page, stderr } = await report();
    assert.match(stderr, /^wrote trust\.html: \d+ errors?( and \d+ warnings?)?/);
    assert.match(page, /issuer &#34;identity\.linkerd\.cluster\.local&#34; \([0-9a-f]{8}\) expired at /);
    assert.match(page, /lacks <bdi class="name">root<\/bdi>/);
    assert.ok(
      page.includes(
        "<span>kubectl</span> <span>linkerd-certs</span> <span>create</span> <span>issuer</span>",
      ),
    );
    assert.ok(!page.includes("<span>rollout</span>"), "identity would not sign: no restart is proposed");
  });
});
