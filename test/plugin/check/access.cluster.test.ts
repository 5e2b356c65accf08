import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skip } from "../../cluster/skip.ts";
import { account } from "../../cluster-access/account.ts";
import { testWorld } from "../world.ts";
import { checkedMesh } from "./checked-mesh.ts";

describe("check of what may not be seen, against a real API server", { skip }, () => {
  const mesh = checkedMesh();
  const { world } = mesh;

  test("missing RBAC: says what is missing, and checks the rest", async () => {
    const kubeconfig = await account(mesh.cp, "reader", "readers", {
      clusterWide: [
        { apiGroups: [""], resources: ["configmaps", "namespaces", "events"], verbs: ["get", "list"] },
      ],
    });
    const { code, stdout, stderr } = await world({ kubeconfig }).run("check");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /Secret linkerd\/linkerd-identity-issuer cannot be read: .*\n.*hint: Give system:serviceaccount:readers:reader the verb "get" on secrets in namespace linkerd\.\n/,
    );
    assert.match(stderr, /the verb "list" on pods in the whole cluster\.\n/);
    assert.match(stdout, /√ no anchor has expired\n/);
    assert.match(
      stdout,
      /– the issuer has not expired\n {4}not asked: Secret linkerd\/linkerd-identity-issuer cannot be read\n/,
    );
    assert.match(
      stdout,
      /– every running proxy .*\n {4}not asked: the pods of all namespaces cannot be read\n/,
    );
  });

  test("with Linkerd's own namespace only, the control plane is still looked at", async () => {
    const rules = [{ apiGroups: [""], resources: ["*"], verbs: ["get", "list"] }];
    const kubeconfig = await account(mesh.cp, "inside", "linkerd", { namespaced: rules });
    const { code, stdout } = await world({ kubeconfig }).run("check");
    assert.equal(code, 1);
    assert.match(stdout, /√ the control plane started after the trust bundle last changed\n/);
    assert.match(stdout, /√ identity signs with the issuer that is in the Secret\n/);
    assert.match(stdout, /– every running proxy trusts the issuer\n/);
  });

  test("no Linkerd here, and where it is", async () => {
    const { code, stdout, stderr } = await world().run("check", "-L", "mesh");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(
      stderr,
      `linkerd-certs: error: there is no namespace mesh, and so no Linkerd in it
linkerd-certs: hint: Linkerd is in namespace linkerd: add -L linkerd.
`,
    );
    assert.match(
      (await world().run("check", "-L", "shop")).stderr,
      /error: there is no Linkerd in namespace shop\n/,
    );
  });

  test("an API server that cannot be reached", async () => {
    const { readFileSync } = await import("node:fs");
    const config = JSON.parse(readFileSync(mesh.cp.kubeconfig, "utf8"));
    config.clusters[0].cluster.server = "https://127.0.0.1:1";
    const away = testWorld({ files: { away: JSON.stringify(config) } });
    const { code, stdout, stderr } = await away.run("check", "--kubeconfig", away.path("away"));
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(
      stderr,
      `linkerd-certs: error: the API server at 127.0.0.1:1 cannot be reached (ECONNREFUSED)
linkerd-certs: hint: Check that the cluster runs, that the address is right, and that the network lets us through.
`,
    );
    config.clusters[0].cluster.server = mesh.cp.server;
    config.users[0].user.token = "expired";
    const late = testWorld({ files: { late: JSON.stringify(config) } });
    const refused = await late.run("check", "--kubeconfig", late.path("late"));
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /error: the API server does not know who we are \(401\)\n.*hint: Log in again/,
    );
  });
});
