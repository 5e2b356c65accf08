// Every command that docs/rotation.md shows for one cluster, in its order, by somebody who may do no more than
// manifests/rotation/rbac.yaml says, and is held to that by the policy beside it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mustApi } from "../../cluster/api.ts";
import { permitted } from "../../cluster/permitted.ts";
import { skip } from "../../cluster/skip.ts";
import { testWorld } from "../../plugin/world.ts";
import { authority, type Mesh, startMesh } from "../mesh.ts";

const home = join(import.meta.dirname, "..", "..", "..");
const page = readFileSync(join(home, "docs", "rotation.md"), "utf8");
const shown = [...page.matchAll(/^kubectl (.+)$/gm)].map(([, words = ""]) => words);
const rbac = join(home, "manifests", "rotation", "rbac.yaml");
const policy = join(home, "manifests", "rotation", "policy.yaml");

/** Where something of the mesh runs. */
const meshed = ["linkerd", "shop-0"];

/** What a page cannot promise of any mesh. */
const codes: Readonly<Record<string, number>> = {
  // Nothing has expired here.
  "linkerd-certs recover expired --create new-anchor": 4,
};

describe("docs/rotation.md", { skip }, () => {
  let mesh: Mesh;
  let desk: ReturnType<typeof testWorld>;
  const other = authority("other");

  before(async () => {
    mesh = await startMesh({ workloads: 2, replicas: 1 });
    const { cp } = mesh;
    await mustApi(cp.api, "POST", "/api/v1/namespaces/linkerd/serviceaccounts", {
      metadata: { name: "jane" },
    });
    for (const file of [rbac, policy]) await cp.kubectl(["apply", "-f", file]);
    const subject = ["--serviceaccount", "linkerd:jane"];
    const bind = (...words: string[]) => cp.kubectl([...words, ...subject]);
    await bind("create", "clusterrolebinding", "rotation", "--clusterrole", "linkerd-certs-rotation");
    // Restarts are allowed only where the mesh is.
    for (const namespace of meshed) {
      const words = ["create", "rolebinding", "restarts", "--clusterrole", "linkerd-certs-rotation-restarts"];
      await bind("-n", namespace, ...words);
    }
    await bind("-n", "linkerd", "create", "rolebinding", "rotation", "--role", "linkerd-certs-rotation");
    const issuer = { resource: "secrets", namespace: "linkerd", name: "linkerd-identity-issuer" };
    await permitted(cp, "system:serviceaccount:linkerd:jane", { verb: "patch", ...issuer });
    const files = { "ca.crt": other.anchor.pem, "ca.key": other.anchor.keyPem };
    const kubeconfig = await cp.kubeconfigFor("jane", "linkerd");
    desk = testWorld({ kubeconfig, clock: () => new Date(), files });
  });
  after(() => mesh?.stop());

  for (const words of shown) {
    if (words.includes("--context")) continue; // executor/fleet.cluster.test.ts is about these
    test(`kubectl ${words}`, async () => {
      const [program, ...args] = words.split(" ");
      if (program !== "linkerd-certs") {
        await mesh.cp.kubectl(words.replaceAll("manifests/", `${home}/manifests/`).split(" "));
        return;
      }
      // What is to be given up or taken back is begun first.
      if (args.at(-1) === "abort") {
        const begun = [
          "rotate",
          "anchor",
          "--anchor",
          "ca.crt",
          "--ca-key",
          "ca.key",
          "--pause-after",
          "reissued",
        ];
        const { code, stderr } = await desk.run(...begun, "--yes");
        assert.equal(code, 0, stderr);
      }
      const { code, stdout, stderr } = await desk.run(
        ...args,
        ...(/status|history/.test(words) ? [] : ["--yes"]),
      );
      assert.equal(code, codes[words] ?? 0, `${stdout}\n${stderr}`);
    });
  }

  test("what it says --emit-manifests writes is written, and is what the mesh is to have", () => {
    const text = desk.file("deploy/trust-roots.yaml");
    assert.match(
      text,
      /^# Written by linkerd-certs rotate: from "root\.linkerd\.cluster\.local" .* to "other"/,
    );
    for (const name of ["trust-roots.yaml", "values.yaml", "trust-manager-bundle.yaml"])
      assert.equal(desk.file(`deploy/${name}`).match(/BEGIN CERTIFICATE/g)?.length, 2, name);
  });

  test("a permission that is missing is named before anything is written", async () => {
    const { cp } = mesh;
    await cp.kubectl(["-n", "linkerd", "delete", "rolebinding", "rotation"]);
    const view = [
      "create",
      "rolebinding",
      "looks",
      "--clusterrole",
      "view",
      "--serviceaccount",
      "linkerd:jane",
    ];
    await cp.kubectl(["-n", "linkerd", ...view]);
    const { code, stderr } = await desk.run(
      "rotate",
      "anchor",
      "--anchor",
      "ca.crt",
      "--ca-key",
      "ca.key",
      "--yes",
    );
    assert.equal(code, 1);
    assert.match(stderr, /secrets/);
  });
});
