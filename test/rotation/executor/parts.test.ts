import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import type { Cluster } from "../../../cluster/connect.ts";
import { Failure } from "../../../cluster/failure.ts";
import { serverClock } from "../../../cluster/rotation/observe/server-clock.ts";
import { bundleText } from "../../../cluster/rotation/perform/bundle-text.ts";
import { insist } from "../../../cluster/rotation/perform/insist.ts";
import { inStep } from "../../../cluster/rotation/perform/keep-in-step.ts";
import { meshedPodOf } from "../../../cluster/rotation/workloads/pods.ts";
import { readBundle } from "../../../trust/x509/index.ts";
import { anchor, type Minted } from "../../certificates/index.ts";
import { injectedPod } from "../../cluster/injected.ts";
import { running } from "../../cluster/running.ts";
import { opened } from "../../trust/opened.ts";

const [one, two, three] = [anchor("one"), anchor("two"), anchor("three")];
const certificates = (...some: readonly Minted[]) => some.map(opened);

describe("the bundle's text", () => {
  const names = (text: string) => readBundle(text).anchors.map(({ name }) => name);

  test("keeps what stays as it stands, in its order, and appends what is new", () => {
    const before = `${two.pem}${one.pem}`.trim();
    const text = bundleText(certificates(one, two, three), before);
    assert.ok(text.startsWith(`${before}\n`));
    assert.deepEqual(names(text), ["two", "one", "three"]);
    assert.equal(text.at(-1), "-", "no newline at the end where there was none");
  });

  test("leaves out what is dropped, duplicates and whatever stood between", () => {
    const before = `# ours\r\n${one.pem.replaceAll("\n", "\r\n")}${two.pem}${one.pem}`;
    const text = bundleText(certificates(one), before);
    assert.equal(text, one.pem);
  });

  test("is made anew where there was none", () => {
    assert.equal(bundleText(certificates(three), ""), three.pem.trim());
  });
});

describe("what the install remembers", () => {
  const values = [
    "# by linkerd install",
    "clusterDomain: cluster.local",
    "identity:",
    "  externalCA: false",
    "  issuer:",
    '    tls: {crtPEM: "old", keyPEM: "old key"}',
    'identityTrustAnchorsPEM: "old"',
    "",
  ].join("\n");
  const issuer = { chainPem: "new\n", keyPem: "new key\n" };

  test("is brought in line, and the rest of it stays as it stands", () => {
    const text = inStep(values, { anchors: one.pem, issuer }, true);
    assert.ok(text.startsWith("# by linkerd install\nclusterDomain: cluster.local\n"));
    const { identity, identityTrustAnchorsPEM } = parse(text);
    assert.deepEqual(
      [identityTrustAnchorsPEM, identity.issuer.tls],
      [one.pem, { crtPEM: "new\n", keyPEM: "new key\n" }],
    );
  });

  test("gets no key where none is stored by it, and nothing where it remembers nothing", () => {
    assert.equal(parse(inStep(values, { issuer }, false)).identity.issuer.tls.keyPEM, "old key");
    assert.equal(inStep("identity: {}\n", { anchors: one.pem, issuer }, true), "identity: {}\n");
    const external = values.replace("externalCA: false", "externalCA: true");
    assert.equal(parse(inStep(external, { anchors: one.pem }, true)).identityTrustAnchorsPEM, "old");
    assert.equal(inStep("a: [broken", { anchors: one.pem }, true), "a: [broken");
  });

  test("is not written anew for white space", () => {
    assert.equal(inStep(values, { anchors: "old\n" }, true), values);
  });
});

describe("the API server's clock", () => {
  const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);

  test("is learned from answers, is never ahead, and is better known with each", () => {
    let now = at(10_000);
    const server = serverClock(() => now);
    assert.equal(server.aheadMs, undefined);
    // It is at 15.300 when ours is at 10.000, and says 15.
    server.learn({ status: 200, body: undefined, date: at(15_000) }, at(9_950));
    assert.deepEqual(server.now(), at(15_000));
    now = at(10_690);
    server.learn({ status: 200, body: undefined, date: at(15_000) }, at(10_650));
    assert.ok(server.now() <= at(15_990) && server.now() > at(15_600), server.now().toISOString());
    now = at(10_720);
    server.learn({ status: 200, body: undefined, date: at(16_000) }, at(10_700));
    assert.deepEqual(server.now(), at(16_000));
  });

  test("is learned anew when somebody sets it", () => {
    const server = serverClock(() => at(0));
    server.learn({ status: 200, body: undefined, date: at(60_000) }, at(0));
    server.learn({ status: 200, body: undefined, date: at(5_000) }, at(0));
    assert.deepEqual(server.now(), at(5_000));
  });
});

describe("a request that is insisted on", () => {
  const { signal } = new AbortController();
  const answering = (...answers: readonly (Failure | number)[]) => {
    const left = answers.values();
    const asked: number[] = [];
    const request = async () => {
      asked.push(performance.now());
      const { value } = left.next();
      if (value instanceof Failure) throw value;
      return { status: value ?? 200, body: undefined };
    };
    return { cluster: { request } as never as Cluster, asked };
  };

  test("is made again when the API server asks us to wait, and when it cannot be reached", async () => {
    const { cluster, asked } = answering(
      new Failure("too many requests", "Wait.", { status: 429, retryAfterMs: 20 }),
      new Failure("cannot be reached", "Check."),
      409,
    );
    const { status } = await insist(cluster, "PATCH", "/", {}, { signal, random: () => 0 });
    assert.deepEqual([status, asked.length], [409, 3]);
    assert.ok((asked[1] ?? 0) - (asked[0] ?? 0) >= 19, "it waits as long as it is asked to");
  });

  test("is not made again where it is forbidden", async () => {
    const { cluster, asked } = answering(new Failure("forbidden", "Ask.", { status: 403 }));
    await assert.rejects(insist(cluster, "PATCH", "/", {}, { signal, random: () => 0 }), /forbidden/);
    assert.equal(asked.length, 1);
  });
});

describe("a meshed pod", () => {
  const made = new Date(Date.UTC(2026, 0, 1));
  const seen = (
    owner: { kind: string; name: string } | undefined,
    labels: Record<string, string> = {},
    more: object = {},
  ) => {
    const pod = running(injectedPod({ name: "web", namespace: "shop", bundle: one.pem }), made);
    const ownerReferences = owner && [{ ...owner, controller: true }];
    const metadata = {
      ...pod.metadata,
      labels: { ...pod.metadata.labels, ...labels },
      ...{ creationTimestamp: made.toISOString(), ownerReferences, resourceVersion: "1" },
      ...more,
    };
    return meshedPodOf({ ...pod, metadata } as never, "linkerd", (text) => text);
  };

  test("belongs to what makes it anew", () => {
    const hash = { "pod-template-hash": "5d4f" };
    assert.equal(seen({ kind: "ReplicaSet", name: "web-5d4f" }, hash)?.workload, "shop/deploy/web");
    assert.equal(
      seen({ kind: "ReplicaSet", name: "web-5d4f" }, { "rollouts-pod-template-hash": "5d4f" })?.workload,
      "shop/rollout/web",
    );
    assert.equal(seen({ kind: "ReplicaSet", name: "web" })?.workload, "shop/rs/web");
    assert.equal(seen({ kind: "StatefulSet", name: "db" })?.workload, "shop/sts/db");
    assert.equal(seen({ kind: "CloneSet", name: "web" })?.workload, "shop/cloneset/web");
  });

  test("is its own where nothing does, though a copy of it carries the labels of a workload", () => {
    const labels = { "linkerd.io/proxy-deployment": "web", "pod-template-hash": "5d4f" };
    assert.equal(seen(undefined, labels)?.workload, "shop/pod/web");
  });

  test("counts until it has ended", () => {
    const deletionTimestamp = new Date(made.getTime() + 30_000).toISOString();
    const leaving = seen({ kind: "StatefulSet", name: "db" }, {}, { deletionTimestamp });
    assert.deepEqual([leaving?.leaving, leaving?.endsBy?.toISOString()], [true, deletionTimestamp]);
  });
});
