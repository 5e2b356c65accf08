// The API server's warnings, as admission policies send them: kubernetes/enhancements KEP-1693.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect } from "../../cluster/connect.ts";
import { warningsIn } from "../../cluster/wire/warnings.ts";
import { anchor } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";

import { testWorld } from "../plugin/world.ts";

test("a header is read as RFC 7234 writes it", () => {
  const read = (...warning: string[]) => warningsIn({ headersDistinct: { warning } });
  assert.deepEqual(read('299 - "a"', '299 - "b", 299 - "c \\"quoted\\" \\\\ d"'), [
    "a",
    "b",
    'c "quoted" \\ d',
  ]);
  assert.deepEqual(read('199 - "other"', "299 - unquoted", "", '299 - "half'), []);
  assert.deepEqual(read('299 - "a\u009b2Jb" "Fri, 27 Nov 2026 07:00:00 GMT"'), ["a 2Jb"]);
  assert.deepEqual(read('299 - "a\u202eb\u2066\u2028c\\\u200bd"'), ["a b c d"]);
  assert.deepEqual(warningsIn({ headersDistinct: {} }), []);
});

describe("a write that the API server warns of", { skip }, () => {
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
  });
  after(() => cp.stop());

  test("is told of once, as kubectl does, and a read is not", async () => {
    const group = "/apis/admissionregistration.k8s.io/v1";
    const rule = {
      apiGroups: [""],
      apiVersions: ["v1"],
      operations: ["CREATE", "UPDATE"],
      resources: ["configmaps"],
    };
    const validations = [{ expression: "false", message: 'bundles are made by "GitOps"' }];
    await mustApi(cp.api, "POST", `${group}/validatingadmissionpolicies`, {
      metadata: { name: "warns" },
      spec: { matchConstraints: { resourceRules: [rule] }, validations },
    });
    await mustApi(cp.api, "POST", `${group}/validatingadmissionpolicybindings`, {
      metadata: { name: "warns" },
      spec: { policyName: "warns", validationActions: ["Warn"] },
    });
    await mustApi(cp.api, "POST", "/api/v1/namespaces", { metadata: { name: "linkerd" } });
    const files = { "ca.crt": anchor("root").pem };
    const world = testWorld({ kubeconfig: cp.kubeconfig, files });
    const warning = `Warning: Validation failed for ValidatingAdmissionPolicy 'warns' with binding 'warns': ${validations[0]?.message}\n`;
    await eventually("the policy works", async () => {
      const { stderr } = await world.run("bundle", "ca.crt", "--apply", "--dry-run", "server");
      return stderr.includes(warning);
    });
    const { code, stderr } = await world.run("bundle", "ca.crt", "--apply", "--yes");
    assert.equal(code, 0);
    assert.equal(stderr.split("Warning:").length, 2, stderr);
    const coloured = await world.run(
      "bundle",
      "ca.crt",
      "--drop-expired",
      "--apply",
      "--yes",
      "--color",
      "always",
    );
    assert.doesNotMatch(coloured.stderr, /Warning/, "nothing was written");
    const told: string[] = [];
    const cluster = await connect({ kubeconfig: cp.kubeconfig, warn: (text) => told.push(text) });
    await cluster.request("GET", "/api/v1/namespaces/linkerd/configmaps");
    assert.deepEqual(told, []);
    cluster.close();
  });
});
