import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { base64 } from "../base64.ts";
import { mustApi } from "../cluster/api.ts";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";
import { installGuard } from "../manifests/install.ts";
import { issuerOf, trustRootsOf } from "../scenarios/manifests.ts";
import { type Observed, observe } from "./observed.ts";
import { inForce, issuerPath, trustRootsPath } from "./trust.ts";

const configuration = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/linkerd-certs";
const secret = "/api/v1/namespaces/linkerd-certs/secrets/linkerd-certs-serving";

describe("a guard whose objects somebody spoils", { skip }, () => {
  let here: Observed;
  before(async () => {
    here = await observe({ certificate: { settle: "1s", poll: "500ms" } });
  });
  after(() => here.end());
  const isReady = async () => (await here.guard.readiness()).status === 200;
  const inOrder = async () => {
    await eventually("it is ready", isReady);
    await inForce(here.cp);
    const good = trustRootsOf([here.material.first, here.material.second]);
    const { status } = await here.cp.api("PUT", `${trustRootsPath}?dryRun=All`, good);
    assert.equal(status, 200);
  };

  it("publishes its authority again when the caBundle is emptied", async () => {
    const emptied = [0, 1].map((i) => ({ op: "remove", path: `/webhooks/${i}/clientConfig/caBundle` }));
    const contentType = "application/json-patch+json";
    assert.equal((await here.cp.api("PATCH", configuration, emptied, { contentType })).status, 200);
    await inOrder();
  });

  it("fills its Secret anew when there is garbage in it, and goes on being called", async () => {
    const garbage = { "ca.crt": base64("garbage"), "ca.key": base64("garbage"), "tls.crt": "", other: "" };
    await mustApi(here.cp.api, "PATCH", secret, { data: garbage });
    await inOrder();
    await eventually("it is filled", async () => {
      const { body } = await here.cp.api<{ data: Record<string, string> }>("GET", secret);
      return atob(body.data["ca.crt"] ?? "").includes("BEGIN CERTIFICATE");
    });
    assert.match(here.guard.log(), /cannot be used and is filled anew/);
    await inOrder();
  });

  it("goes on when its Secret is deleted, says so, and takes up a new one", async () => {
    await mustApi(here.cp.api, "DELETE", secret);
    const says = () => here.guard.log().includes("there is no Secret linkerd-certs/linkerd-certs-serving");
    await eventually("it says so", says);
    await inOrder();
    await installGuard(here.cp, { port: here.guard.port });
    await eventually("it is filled", async () => {
      const { body } = await here.cp.api<{ data?: Record<string, string> }>("GET", secret);
      return body.data?.["ca.crt"] !== undefined;
    });
    await inOrder();
  });

  it("says that nobody asks it when its webhook configuration is deleted, and is in force when that is back", async () => {
    await mustApi(here.cp.api, "DELETE", configuration);
    await eventually("it says so", () => here.guard.log().includes("nobody asks this guard"));
    const tells = (value: string) => async () =>
      (await here.guard.metrics()).includes(`linkerd_certs_webhook_configured ${value}\n`);
    await eventually("its metrics tell", tells("0"));
    await installGuard(here.cp, { port: here.guard.port });
    await inOrder();
    await eventually("its metrics tell that it is asked again", tells("1"));
  });

  it("reports a bad pair that was created at the same moment, each half before the other was seen", async () => {
    const { cp, guard, material: m } = here;
    const collections = [trustRootsPath, issuerPath].map((path) => path.slice(0, path.lastIndexOf("/")));
    const pair = [trustRootsOf([m.first]), issuerOf(m.foreign)];
    let statuses: readonly number[] = [0];
    for (let attempt = 0; attempt < 30 && !statuses.every((status) => status === 201); attempt++) {
      for (const path of [issuerPath, trustRootsPath]) await cp.api("DELETE", path);
      const gone = () =>
        guard.metrics().then((text) => text.includes('audit_findings{rule="issuer-present"} 1'));
      await eventually("the guard saw them go", gone);
      const both = pair.map((object, i) => cp.api("POST", collections[i] ?? "", object));
      statuses = (await Promise.all(both)).map(({ status }) => status);
    }
    assert.deepEqual(statuses, [201, 201]);
    await eventually("its metrics tell", async () =>
      (await guard.metrics()).includes('audit_findings{rule="issuer-chains-to-anchor"} 1'),
    );
    await eventually("an Event tells", async () => {
      const path = "/apis/events.k8s.io/v1/namespaces/linkerd/events";
      const { body } = await cp.api<{ items: { reason: string; note: string }[] }>("GET", path);
      return body.items.some(
        ({ reason, note }) => reason === "TrustFinding" && note.includes("[issuer-chains-to-anchor]"),
      );
    });
  });
});
