// --offline is a promise: no cluster is asked, whatever the words or the kubeconfig say.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anchor } from "../certificates/index.ts";
import { testWorld } from "./world.ts";

const files = {
  "ca.crt": anchor("root").pem,
  "roots.yaml": `{ apiVersion: v1, kind: ConfigMap, metadata: { name: other, namespace: shop } }`,
};

describe("--offline", () => {
  const asking = [
    ["inspect"],
    ["inspect", "secret/linkerd-identity-issuer"],
    ["bundle", "ca.crt", "--live"],
    ["bundle", "ca.crt", "--apply", "--yes"],
    ["bundle", "--from-context", "west"],
    ["bundle", "ca.crt", "--against-live"],
    ["validate", "-f", "roots.yaml", "--against", "live"],
  ];
  for (const words of asking) {
    test(`${words.join(" ")} says that it needs the cluster, before it is asked`, async () => {
      const { code, stdout, stderr } = await testWorld({ files, kubeconfig: "/nowhere" }).run(
        ...words,
        "--offline",
      );
      assert.deepEqual([code, stdout], [64, ""]);
      assert.match(
        stderr,
        /^linkerd-certs: error: --offline: this cannot be done without asking the cluster\n/,
      );
    });
  }

  for (const words of [
    ["inspect", "ca.crt"],
    ["bundle", "ca.crt"],
    ["validate", "-f", "roots.yaml"],
  ]) {
    test(`${words.join(" ")} is the same with it`, async () => {
      const world = testWorld({ files });
      const with_ = await world.run(...words, "--offline");
      assert.equal(with_.code, 0, with_.stderr);
      assert.deepEqual(with_, await world.run(...words));
    });
  }
});
