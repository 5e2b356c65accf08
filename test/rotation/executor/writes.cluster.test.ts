import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect } from "../../../cluster/connect.ts";
import { previousIssuerName, readPreviousIssuer } from "../../../cluster/rotation/perform/previous-issuer.ts";
import { base64 } from "../../base64.ts";
import { mustApi } from "../../cluster/api.ts";
import { eventually } from "../../cluster/eventually.ts";
import { create } from "../../cluster/linkerd.ts";
import type { ConfigMap, Secret } from "../../cluster/objects.ts";
import { objectPath } from "../../cluster/paths.ts";
import { opened } from "../../trust/opened.ts";
import { anchorGoal, execute } from "../executing.ts";
import { authority, type Mesh, startMesh } from "../mesh.ts";
import { assertUnbroken } from "../rotating.ts";

const plain = (text: string | undefined) => Buffer.from(text ?? "", "base64").toString();

describe("what a rotation writes", () => {
  const [old, to, next, other] = [authority("old"), authority("new"), authority("next"), authority("other")];
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh({
      workloads: 3,
      old,
      install: {
        scheme: "kubernetes.io/tls",
        bundle: `${other.anchor.pem}${old.anchor.pem}`,
      },
    });
    const stored = [
      "# kept by linkerd install",
      "identityTrustAnchorsPEM: |",
      ...`${other.anchor.pem}${old.anchor.pem}`
        .trim()
        .split("\n")
        .map((line) => `  ${line}`),
      "identity:",
      "  issuer:",
      "    tls:",
      "      crtPEM: old-certificate",
      "      keyPEM: old-key",
    ].join("\n");
    await create(mesh.cp, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "linkerd-config-overrides", namespace: "linkerd" },
      data: { "linkerd-config-overrides": base64(stored) },
    } as Secret);
  });
  after(() => mesh?.stop());

  const get = <T>(kind: "ConfigMap" | "Secret", name: string) =>
    mustApi<T>(mesh.cp.api, "GET", objectPath(kind, "linkerd", name));

  test("is in the scheme in use, keeps other anchors, and is kept in step with what the next upgrade writes", async () => {
    const issuer = await get<Secret>("Secret", "linkerd-identity-issuer");
    const { ended } = await execute({
      clusters: { east: mesh.cp },
      goal: anchorGoal(old, to),
      issuer: to.issuer,
    });
    const { outcome, missing } = await ended;
    assert.deepEqual([outcome, missing], ["done", []]);
    await assertUnbroken(mesh.standIn);

    const bundle = (await get<ConfigMap>("ConfigMap", "linkerd-identity-trust-roots")).data["ca-bundle.crt"];
    assert.equal(bundle, `${other.anchor.pem}${to.anchor.pem}`.trim(), "others stay, in their order");
    const { data } = await get<Secret>("Secret", "linkerd-identity-issuer");
    assert.deepEqual(
      [plain(data["tls.crt"]), plain(data["tls.key"]), plain(data["ca.crt"])],
      [to.issuer.pem, to.issuer.keyPem, to.anchor.pem],
    );
    const previous = await get<Secret>("Secret", previousIssuerName);
    assert.deepEqual(previous.data, issuer.data, "the issuer before is kept for the way back");
    const cluster = await connect({ kubeconfig: mesh.cp.kubeconfig });
    const kept = await readPreviousIssuer(cluster, "linkerd", AbortSignal.timeout(60_000));
    cluster.close();
    const { pem: chainPem, keyPem } = old.issuer;
    assert.deepEqual(kept, { chainPem, keyPem, rotation: "test" });

    const config = (await get<ConfigMap>("ConfigMap", "linkerd-config")).data["values"] ?? "";
    const overrides = plain(
      (await get<Secret>("Secret", "linkerd-config-overrides")).data["linkerd-config-overrides"],
    );
    for (const [what, text] of Object.entries({ config, overrides })) {
      for (const line of pemLines(to.anchor.pem))
        assert.ok(text.includes(line), `${what} has the new anchor`);
      for (const line of pemLines(other.anchor.pem))
        assert.ok(text.includes(line), `${what} has the other one`);
      assert.ok(!text.includes(pemLines(old.anchor.pem)[2] ?? ""), `${what} has the old anchor no more`);
    }
    assert.ok(overrides.startsWith("# kept by linkerd install"), "the rest of it stays");
    assert.match(overrides, /keyPEM: \|/);
    assert.ok(!config.includes("PRIVATE KEY"), "no key in a ConfigMap");
    assert.equal(opened(to.anchor).name, "new");
  });

  test("is nothing where the injector goes away in the middle: nobody is restarted out of the mesh", async () => {
    let [down, happened] = [false, 0];
    let turning: Promise<void> | undefined;
    const { ended, happenings } = await execute({
      clusters: { east: mesh.cp },
      goal: anchorGoal(to, next),
      issuer: next.issuer,
      loop: { maxParallel: 1 },
      // Not a restart while it is going away: that one would be noticed too late.
      member: { permit: async () => turning },
      onHappening: (happening) => {
        if (happening.kind === "step-done" && happening.step.kind === "prove-injector") turn(true);
        if (happening.kind === "step-failed" && happening.step.kind === "restart-workload") turn(false);
      },
    });
    function turn(to: boolean): void {
      if (to === down || (to && happened > 0)) return;
      [down, happened] = [to, happened + 1];
      turning = mesh.standIn.set({ injectorDown: to });
    }
    const { outcome, missing } = await ended;
    assert.deepEqual([outcome, missing], ["done", []]);
    const failed = happenings.filter((one) => one.kind === "step-failed");
    assert.match(
      failed.map((one) => (one.kind === "step-failed" ? one.message : "")).join("\n"),
      /the injector does not do its work any more: a pod made in namespace shop-0 gets no proxy/,
    );
    const pods = await mustApi<{ items: { metadata: { labels: Record<string, string> } }[] }>(
      mesh.cp.api,
      "GET",
      "/api/v1/namespaces/shop-0/pods",
    );
    for (const { metadata } of pods.items)
      assert.ok(metadata.labels["linkerd.io/control-plane-ns"] !== undefined);
    await assertUnbroken(mesh.standIn);
  });

  test("goes on where what the install remembers cannot be kept in step, and that is told once, with the way out", async () => {
    const { cp } = mesh;
    await refuseUpdatesOf(mesh, "linkerd-config");
    const { ended, happenings } = await execute({
      clusters: { east: cp },
      goal: anchorGoal(next, authority("last"), { until: "overlapped" }),
    });
    const { outcome, missing } = await ended;
    assert.deepEqual([outcome, missing], ["paused", []]);
    const warnings = happenings.filter((one) => one.kind === "warning");
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]?.message ?? "",
      /^ConfigMap linkerd\/linkerd-config is not kept in step: .*nobody changes linkerd-config here/,
    );
    assert.match(warnings[0]?.hint ?? "", /linkerd upgrade --identity-trust-anchors-file/);
  });
});

/** A policy of somebody else's, in force. */
async function refuseUpdatesOf({ cp }: Mesh, name: string): Promise<void> {
  const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
  const configMaps = { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] };
  await mustApi(cp.api, "POST", policies, {
    metadata: { name: "frozen" },
    spec: {
      matchConstraints: { resourceRules: [{ ...configMaps, operations: ["UPDATE"], resourceNames: [name] }] },
      validations: [{ expression: "false", message: `nobody changes ${name} here` }],
    },
  });
  await mustApi(cp.api, "POST", policies.replace("policies", "policybindings"), {
    metadata: { name: "frozen" },
    spec: { policyName: "frozen", validationActions: ["Deny"] },
  });
  await eventually("the policy is in force", async () => {
    const path = `${objectPath("ConfigMap", "linkerd", name)}?dryRun=All`;
    return (await cp.api("PATCH", path, { data: { tried: "now" } })).status === 422;
  });
}

function pemLines(pem: string): string[] {
  return pem.trim().split("\n").slice(1, -1);
}
