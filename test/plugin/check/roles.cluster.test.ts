import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { ensureNamespace } from "../../cluster/linkerd.ts";
import { type Deed, permitted } from "../../cluster/permitted.ts";
import { skip } from "../../cluster/skip.ts";
import { checkedMesh } from "./checked-mesh.ts";

const rbac = join(import.meta.dirname, "..", "..", "..", "manifests", "check", "rbac.yaml");

describe("check, by an account that may do no more than manifests/check/rbac.yaml says", { skip }, () => {
  const mesh = checkedMesh();
  let kubeconfig: string;

  before(async () => {
    const { cp } = mesh;
    await ensureNamespace(cp, "linkerd-certs");
    await cp.kubectl(["apply", "-f", rbac]);
    await cp.kubectl(["-n", "linkerd-certs", "create", "serviceaccount", "reader"]);
    kubeconfig = await cp.kubeconfigFor("reader", "linkerd-certs");
    await bind(undefined, "clusterrole", "linkerd-certs-check");
    await bind("linkerd", "role", "linkerd-certs-check");
    await may({ verb: "list", resource: "pods" });
    await may({ verb: "list", resource: "events", namespace: "linkerd" });
  });

  test("without the roles of Secrets it says what it did not see, and asks the rest", async () => {
    const { code, stdout, stderr } = await mesh.world({ kubeconfig }).run("check");
    assert.equal(code, 1);
    assert.match(stderr, /Secret linkerd\/linkerd-identity-issuer cannot be read/);
    assert.match(stdout, /√ no anchor has expired\n/);
    assert.doesNotMatch(stderr, /Pods|ConfigMap|Events|Webhook\w+ /);
  });

  test("with them it sees all that an administrator sees", async () => {
    for (const [namespace, name] of [
      ["linkerd", "linkerd-identity-issuer"],
      ["linkerd-certs", "linkerd-certs-serving"],
    ] as const) {
      await bind(namespace, "role", "linkerd-certs-check-keys");
      await may({ verb: "get", resource: "secrets", namespace, name });
    }
    for (const words of [["check"], ["check", "-o", "wide"], ["inspect", "--where"]]) {
      const now = new Date();
      const [reader, administrator] = await Promise.all([
        mesh.world({ kubeconfig, now }).run(...words),
        mesh.world({ now }).run(...words),
      ]);
      assert.deepEqual(reader, administrator, words.join(" "));
      assert.deepEqual([reader.code, reader.stderr], [0, ""]);
    }
  });

  async function bind(namespace: string | undefined, kind: "role" | "clusterrole", name: string) {
    const how =
      namespace === undefined ? ["create", "clusterrolebinding"] : ["-n", namespace, "create", "rolebinding"];
    const subject = ["--serviceaccount", "linkerd-certs:reader"];
    await mesh.cp.kubectl([...how, name, `--${kind}`, name, ...subject]);
  }
  const may = (deed: Deed) => permitted(mesh.cp, "system:serviceaccount:linkerd-certs:reader", deed);
});
