import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { anchor } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { ensureNamespace } from "../cluster/linkerd.ts";
import type { KubeObject, Pod } from "../cluster/objects.ts";
import { rolledOut } from "../cluster/rollout.ts";
import { skip } from "../cluster/skip.ts";
import { installGuard, manifests, render, uninstallGuard } from "./install.ts";

const webhooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/linkerd-certs";
const serving = "/api/v1/namespaces/linkerd-certs/secrets/linkerd-certs-serving";
const deployment = { name: "linkerd-certs", namespace: "linkerd-certs" };

describe("kubectl apply -k manifests", { skip }, () => {
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane();
    await ensureNamespace(cp, "linkerd");
  });
  after(() => cp.stop());

  test("is accepted whole, without a warning", async () => {
    const { code, stdout, stderr } = await cp.kubectl(["apply", "-k", manifests]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(lines(stdout).length, (await render(cp)).length);
    assert.ok(lines(stdout).every((line) => line.endsWith(" created")));
  });

  test("brings two pods, admitted under the restricted standard, on two nodes", async () => {
    await rolledOut(cp, deployment);
    const pods = await podsOf(cp);
    assert.equal(pods.length, 2);
    assert.equal(new Set(pods.map(({ spec }) => spec.nodeName)).size, 2);
  });

  test("changes nothing the second time, and takes nothing from the guard's Secret and caBundle", async () => {
    const authority = Buffer.from(anchor().pem).toString("base64");
    await mustApi(cp.api, "PATCH", serving, { data: { "tls.crt": authority } });
    const { webhooks: [first] = [] } = await mustApi<Configuration>(cp.api, "GET", webhooks);
    const patch = [{ op: "add", path: "/webhooks/0/clientConfig/caBundle", value: authority }];
    const type = { contentType: "application/json-patch+json" };
    assert.equal((await cp.api("PATCH", webhooks, patch, type)).status, 200);
    assert.equal(first?.clientConfig.caBundle, undefined);

    const versions = await resourceVersions();
    const { code, stdout } = await cp.kubectl(["apply", "-k", manifests]);
    assert.equal(code, 0);
    assert.deepEqual(await resourceVersions(), versions);
    // kubectl always writes a PodDisruptionBudget's selector anew, whatever it is.
    const changed = lines(stdout).filter((line) => !line.endsWith(" unchanged"));
    assert.deepEqual(changed, ["poddisruptionbudget.policy/linkerd-certs configured"]);
  });

  test("shows no difference, and can be taken over by server-side apply", async () => {
    const { code, stdout } = await cp.kubectl(["diff", "-k", manifests]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
    const serverSide = await cp.kubectl(["apply", "--server-side", "-k", manifests]);
    assert.equal(serverSide.code, 0, serverSide.stderr);
    const { data } = await mustApi<{ data?: object }>(cp.api, "GET", serving);
    assert.ok(data !== undefined && "tls.crt" in data);
  });

  test("a changed configuration rolls out, and two pods are ready all the while", async () => {
    const changed = JSON.stringify(await render(cp)).replace(
      /linkerd-certs-config-\w+/g,
      "linkerd-certs-config-changed",
    );
    const stdin = `{ "apiVersion": "v1", "kind": "List", "items": ${changed} }`;
    const old = (await podsOf(cp)).map(({ metadata }) => metadata.name);
    const { code, stderr } = await cp.kubectl(["apply", "--server-side", "-f", "-"], { stdin });
    assert.equal(code, 0, stderr);
    const seen: number[] = [];
    let rolling = true;
    const roll = rolledOut(cp, deployment).finally(() => {
      rolling = false;
    });
    while (rolling) seen.push((await podsOf(cp)).filter(isReady).length);
    await roll;
    assert.equal(Math.min(...seen), 2);
    await eventually("the old pods are gone", async () =>
      (await podsOf(cp)).every(({ metadata }) => !old.includes(metadata.name)),
    );
  });

  test("is deleted by the same, with nothing left behind", async () => {
    const { code, stderr } = await cp.kubectl(["delete", "--ignore-not-found", "-k", manifests]);
    assert.equal(code, 0, stderr);
    const left = await cp.kubectl(["get", "--ignore-not-found", "-k", manifests]);
    assert.equal(left.stdout, "");
    assert.equal((await cp.api("GET", "/api/v1/namespaces/linkerd")).status, 200);
  });

  const options: Record<string, { namespace?: string; options: readonly string[] }> = {
    "Linkerd elsewhere": { namespace: "mesh", options: [] },
    "certificates by cert-manager": { options: ["cert-manager"] },
    both: { namespace: "mesh", options: ["cert-manager"] },
  };
  for (const [what, { namespace, options: components }] of Object.entries(options)) {
    test(`with the option: ${what}`, async () => {
      const objects = await render(cp, namespace, components);
      const named = JSON.stringify(objects);
      assert.equal(named.includes('["linkerd"]'), namespace === undefined);
      assert.equal(named.includes('"namespace":"linkerd"'), namespace === undefined);
      assert.equal(named.includes("linkerdNamespace: linkerd\\n"), namespace === undefined);
      await ensureNamespace(cp, namespace ?? "linkerd");
      await ensureNamespace(cp, "linkerd-certs");
      const known = objects.filter(({ apiVersion }) => !apiVersion.startsWith("cert-manager.io/"));
      const stdin = JSON.stringify({ apiVersion: "v1", kind: "List", items: known });
      const { code, stderr } = await cp.kubectl(["apply", "--dry-run=server", "-f", "-"], { stdin });
      assert.equal(code, 0, stderr);
    });
  }

  test("tests install it in any namespace, and take it away again", async () => {
    await ensureNamespace(cp, "mesh");
    await installGuard(cp, { port: 1, namespace: "mesh", replicas: 1 });
    await rolledOut(cp, deployment);
    assert.equal((await cp.api("GET", `${roles("mesh")}/linkerd-certs`)).status, 200);
    await uninstallGuard(cp, { namespace: "mesh" });
    assert.equal((await cp.api("GET", `${roles("mesh")}/linkerd-certs`)).status, 404);
    assert.equal((await cp.api("GET", webhooks)).status, 404);
    await eventually("its namespace is gone", async () => {
      return (await cp.api("GET", "/api/v1/namespaces/linkerd-certs")).status === 404;
    });
  });

  async function resourceVersions(): Promise<string[]> {
    const { stdout } = await cp.kubectl(["get", "-k", manifests, "-o", "json"]);
    const { items } = JSON.parse(stdout) as {
      items: (KubeObject & { metadata: { resourceVersion: string } })[];
    };
    return items
      .filter(({ kind }) => kind !== "Deployment") // its status goes on
      .map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`);
  }
});

const roles = (namespace: string) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`;

interface Configuration {
  readonly webhooks?: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}

function lines(text: string): string[] {
  return text.trim().split("\n");
}

type RunningPod = Pod & {
  readonly status: { readonly conditions?: readonly { type: string; status: string }[] };
};

async function podsOf(cp: ControlPlane): Promise<RunningPod[]> {
  const path = "/api/v1/namespaces/linkerd-certs/pods";
  return (await mustApi<{ items: RunningPod[] }>(cp.api, "GET", path)).items;
}

function isReady({ status }: RunningPod): boolean {
  return (status.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}
