import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serviceAccountAccess } from "../../cluster/access/service-account.ts";
import { clusterAt, connect } from "../../cluster/connect.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { skip } from "../cluster/skip.ts";
import { account } from "./account.ts";
import { link, rewired } from "./link.ts";

const pods = "/api/v1/namespaces/readers/pods";

describe("a connection to a real API server", { skip }, () => {
  let cp: ControlPlane;
  let folder: string;
  let kubeconfig: string;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-"));
    const rules = [{ apiGroups: [""], resources: ["pods", "configmaps"], verbs: ["get", "list", "create"] }];
    kubeconfig = await account(cp, "reader", "readers", { namespaced: rules });
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await cp.stop();
  });

  test("reads by a kubeconfig", async () => {
    const cluster = await connect({ kubeconfig });
    const { status, body } = await cluster.request("GET", pods);
    cluster.close();
    assert.equal(status, 200);
    assert.equal((body as { kind: string }).kind, "PodList");
    assert.equal(cluster.describe, `context "test", ${cp.server}`);
  });

  test("gives back what the API server says of an object: not found, conflict, invalid", async () => {
    const cluster = await connect({ kubeconfig });
    const configMaps = "/api/v1/namespaces/readers/configmaps";
    assert.equal((await cluster.request("GET", `${configMaps}/none`)).status, 404);
    const body = { metadata: { name: "one" } };
    assert.equal((await cluster.request("POST", configMaps, { body })).status, 201);
    assert.equal((await cluster.request("POST", configMaps, { body })).status, 409);
    const bad = { metadata: { name: "Not A Name" } };
    assert.equal((await cluster.request("POST", configMaps, { body: bad })).status, 422);
    cluster.close();
  });

  test("reads a ServiceAccount's token anew for every request, for it rotates", async () => {
    const [host = "", port = ""] = new URL(cp.server).host.split(":");
    writeFileSync(join(folder, "ca.crt"), readFileSync(cp.caFile));
    writeFileSync(join(folder, "token"), "stale");
    const env = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port };
    const cluster = clusterAt(serviceAccountAccess(env, folder));
    await assert.rejects(cluster.request("GET", pods), { name: "Failure", status: 401 });
    writeFileSync(join(folder, "token"), `${cp.token}\n`);
    assert.equal((await cluster.request("GET", pods)).status, 200);
    cluster.close();
  });

  test("runs a login command, and again when its token is not accepted", async () => {
    const command = join(folder, "login.mjs");
    const token = join(folder, "exec-token");
    const told = join(folder, "told");
    writeFileSync(
      command,
      `import { readFileSync, writeFileSync } from "node:fs";
       writeFileSync(${JSON.stringify(told)}, process.env.KUBERNETES_EXEC_INFO ?? "");
       const status = { token: readFileSync(${JSON.stringify(token)}, "utf8") };
       console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status }));`,
    );
    writeFileSync(token, cp.token);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: [command],
    };
    const cluster = await connect({ kubeconfig: withUser({ exec }) });
    assert.equal((await cluster.request("GET", pods)).status, 200);
    assert.equal(JSON.parse(readFileSync(told, "utf8")).kind, "ExecCredential");
    // Expired before it was said to: the remembered token is refused, the command runs again.
    writeFileSync(token, "revoked");
    assert.equal((await cluster.request("GET", pods)).status, 200, "the token is remembered");
    cluster.close();
    const late = await connect({ kubeconfig: withUser({ exec }) });
    await assert.rejects(late.request("GET", pods), { status: 401 });
    writeFileSync(token, cp.token);
    assert.equal((await late.request("GET", pods)).status, 200);
    late.close();
  });

  test("reads a kubeconfig's token file anew for every request", async () => {
    writeFileSync(join(folder, "file-token"), "stale");
    const cluster = await connect({ kubeconfig: withUser({ tokenFile: join(folder, "file-token") }) });
    await assert.rejects(cluster.request("GET", pods), { status: 401 });
    writeFileSync(join(folder, "file-token"), cp.token);
    assert.equal((await cluster.request("GET", pods)).status, 200);
    cluster.close();
  });

  test("says which permission is missing", async () => {
    const cluster = await connect({ kubeconfig });
    await assert.rejects(
      cluster.request("GET", "/api/v1/namespaces/linkerd/secrets/linkerd-identity-issuer"),
      {
        status: 403,
        hint: 'Give system:serviceaccount:readers:reader the verb "get" on secrets in namespace linkerd.',
      },
    );
    cluster.close();
  });

  test("says when the API server does not prove that it is one", async () => {
    const config = JSON.parse(readFileSync(kubeconfig, "utf8"));
    delete config.clusters[0].cluster["certificate-authority"];
    const cluster = await connect({ kubeconfig: write(config) });
    await assert.rejects(cluster.request("GET", pods), /does not prove that it is one/);
    cluster.close();
  });

  test("gives up on an API server that says nothing", async (t) => {
    const wire = await link(Number(new URL(cp.server).port));
    t.after(() => wire.close());
    wire.freeze();
    const cluster = await connect({ kubeconfig: rewired(cp, kubeconfig, wire.port) });
    await assert.rejects(cluster.request("GET", pods, { timeoutMs: 100 }), /did not answer in time/);
    cluster.close();
  });

  test("sends a read again when the kept connection was closed meanwhile", async (t) => {
    const wire = await link(Number(new URL(cp.server).port));
    t.after(() => wire.close());
    const cluster = await connect({ kubeconfig: rewired(cp, kubeconfig, wire.port) });
    for (let round = 0; round < 5; round++) {
      assert.equal((await cluster.request("GET", pods)).status, 200);
      wire.cut();
    }
    cluster.close();
  });

  test("names the contexts when the one asked for is not there", async () => {
    await assert.rejects(connect({ kubeconfig, context: "tset" }), {
      name: "Failure",
      message: 'the kubeconfig has no context "tset"',
      hint: "Choose one of: test.",
    });
  });

  test("quotes nothing of a kubeconfig that it cannot read", async () => {
    const file = join(folder, "broken");
    writeFileSync(file, "users: [{ token: hidden");
    await assert.rejects(connect({ kubeconfig: file }), (error: Error) => {
      assert.equal(error.name, "Failure");
      assert.ok(!`${error.stack} ${error.cause}`.includes("hidden"));
      return true;
    });
  });

  function withUser(user: object): string {
    const config = JSON.parse(readFileSync(kubeconfig, "utf8"));
    return write({ ...config, users: [{ name: "test", user }] });
  }

  let files = 0;
  function write(config: object): string {
    const file = join(folder, `kubeconfig-${files++}`);
    writeFileSync(file, JSON.stringify(config));
    return file;
  }
});
