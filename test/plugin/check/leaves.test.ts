// Whose issuer signed the leaves that proxies use: no object says so, their age tells some of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leavesOf } from "../../../plugin/survey/leaves.ts";
import { survey } from "../../../plugin/survey/survey.ts";
import { issuerInUse } from "../../../trust/issuer-in-use.ts";
import { after, anchor, bundle, day, hour, issuer, now } from "../../certificates/index.ts";
import { podSpec } from "../../cluster/control-plane-pods.ts";
import { injectedPod } from "../../cluster/injected.ts";
import { running } from "../../cluster/running.ts";
import { inLinkerd, installed, type Objects, readOnly } from "../read-only.ts";
import { testWorld } from "../world.ts";

const root = anchor("root");
const signed = issuer(root);
const install = { bundle: bundle(root), issuer: { chainPem: signed.pem, keyPem: signed.keyPem } };

/** A mesh whose issuer was written, whose identity started, and whose proxies started, so long from now. */
function mesh(times: {
  written: number;
  identity: number;
  proxies: Readonly<Record<string, number>>;
}): Objects {
  const objects = installed(install);
  const path = inLinkerd("secrets", "linkerd-identity-issuer");
  const managedFields = [
    { time: after(times.written).toISOString(), fieldsV1: { "f:data": { "f:crt.pem": {} } } },
  ];
  const secret = objects[path] as { metadata: object };
  const labels = {
    "linkerd.io/control-plane-ns": "linkerd",
    "linkerd.io/control-plane-component": "identity",
    "linkerd.io/proxy-deployment": "linkerd-identity",
  };
  const creationTimestamp = after(times.identity).toISOString();
  const metadata = { name: "linkerd-identity-x", namespace: "linkerd", labels, creationTimestamp };
  const identity = { apiVersion: "v1", kind: "Pod", metadata, spec: podSpec(install, "identity") } as const;
  return {
    ...objects,
    [path]: { ...secret, metadata: { ...secret.metadata, managedFields } },
    "/api/v1/pods": [
      running(identity, after(times.identity)),
      ...Object.entries(times.proxies).map(([name, ms]) =>
        running(
          injectedPod({ name, namespace: "shop", bundle: bundle(root), kind: "Deployment" }),
          after(ms),
        ),
      ),
    ],
  };
}

async function leaves(objects: Objects) {
  const seen = await survey(readOnly(objects), { namespace: "linkerd", clock: () => now });
  return leavesOf(seen, issuerInUse(seen));
}

describe("the leaves of running proxies", () => {
  const proxies = { young: -hour, old: -3 * hour, older: -30 * hour };

  test("are the issuer's where a proxy started since identity signs with it, and may be a former one's before", async () => {
    assert.deepEqual(await leaves(mesh({ written: -4 * hour, identity: -2 * hour, proxies })), {
      current: 1,
      maybeFormer: 3, // identity's own proxy started with it
      workloads: [
        { name: "linkerd/deploy/linkerd-identity", proxies: 1 },
        { name: "shop/deploy/old", proxies: 1 },
        { name: "shop/deploy/older", proxies: 1 },
      ],
      until: after(22 * hour + 20_000),
    });
  });

  test("are all the issuer's once a leaf's lifetime is over", async () => {
    const found = await leaves(mesh({ written: -50 * hour, identity: -25 * hour, proxies }));
    assert.ok(typeof found !== "string");
    assert.deepEqual([found.current, found.maybeFormer], [4, 0]);
  });

  test("are not guessed at where nobody knows what identity signs with", async () => {
    const found = await leaves(mesh({ written: -2 * hour, identity: -5 * hour, proxies }));
    assert.equal(
      found,
      "the Secret was written after identity started, and events are kept for an hour only",
    );
  });

  test("are told by inspect, which names who may hold a former issuer's", async () => {
    const shown = async (times: Parameters<typeof mesh>[0]) =>
      (await testWorld({ cluster: readOnly(mesh(times)), now }).run("inspect")).stdout;
    const some = await shown({ written: -4 * hour, identity: -2 * hour, proxies });
    assert.match(
      some,
      /leaves: 1 of 4 are signed by issuer "identity\.linkerd\.cluster\.local" \(\w{8}\), by their age$/m,
    );
    assert.match(
      some,
      /leaves: 3 may be a former issuer's until 2026-06-02T10:00:20Z, unless renewed since: .*shop\/deploy\/old/,
    );
    assert.match(
      await shown({ written: -2 * day, identity: -25 * hour, proxies }),
      /leaves: all 4 are signed by issuer/,
    );
    assert.match(
      await shown({ written: -2 * hour, identity: -5 * hour, proxies }),
      /leaves: whose issuer signed them is not known: /,
    );
  });
});
