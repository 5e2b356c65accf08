import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Cluster } from "../../../cluster/connect.ts";
import { Failure } from "../../../cluster/failure.ts";
import { anchor, issuer } from "../../certificates/index.ts";
import { issuerOf, type Manifest, trustRootsOf } from "../../scenarios/manifests.ts";
import { testWorld } from "../world.ts";

const first = anchor("first");
const second = anchor("second");
const inside = "/api/v1/namespaces/linkerd";
const trustRoots = `${inside}/configmaps/linkerd-identity-trust-roots`;
const secret = `${inside}/secrets/linkerd-identity-issuer`;
const guard = "/apis/apps/v1/namespaces/linkerd-certs/deployments/linkerd-certs";
const config = "/api/v1/namespaces/linkerd-certs/configmaps/linkerd-certs-config-abc";

const mesh = { [trustRoots]: trustRootsOf([first]), [secret]: issuerOf(issuer(first)) };
const deployment = {
  spec: {
    template: { spec: { volumes: [{ emptyDir: {} }, { configMap: { name: "linkerd-certs-config-abc" } }] } },
  },
};

const pod = {
  metadata: { name: "web", namespace: "shop", labels: { "linkerd.io/control-plane-ns": "linkerd" } },
  spec: { nodeName: "n", containers: [{ name: "linkerd-proxy" }] },
  status: { phase: "Running", startTime: "2026-05-01T00:00:00Z" },
};

type Objects = Readonly<Record<string, object | 403>>;

/** An API server that has these objects, and lets nobody see what is 403. */
function clusterOf(objects: Objects): Cluster {
  const at = (path: string) => {
    const object = objects[path];
    if (object === 403) throw new Failure(`${path} is forbidden`, "Ask for it.", { status: 403 });
    return object;
  };
  return {
    describe: "a test",
    async request(_, path) {
      const object = at(path);
      return object === undefined ? { status: 404, body: {} } : { status: 200, body: object };
    },
    async list(path, { each }) {
      at(path);
      each(pod);
      return { resourceVersion: "1" };
    },
    async *lines() {},
    forward: () => Promise.reject(new Error("nothing to forward to")),
    close() {},
  };
}

async function ask(objects: Objects, manifest: Manifest) {
  const world = testWorld({ cluster: clusterOf(objects), files: { "it.yaml": JSON.stringify(manifest) } });
  const { code, stdout, stderr } = await world.run(
    "validate",
    "-f",
    "it.yaml",
    "--against",
    "live",
    "-o",
    "json",
  );
  const report =
    stdout === ""
      ? undefined
      : (JSON.parse(stdout) as { notes: string[]; predictions: { rules: string[] }[] });
  return { code, stderr, notes: report?.notes ?? [], rules: report?.predictions[0]?.rules };
}

describe("validate --against live", () => {
  it("asks as the installed guard is configured", async () => {
    const strict = { ...mesh, [guard]: deployment, [config]: { data: { "config.yaml": "rules: {}\n" } } };
    const lenient = {
      ...strict,
      [config]: { data: { "config.yaml": "rules: {bundle-overlaps-previous: off}\n" } },
    };
    const swapped = trustRootsOf([second]);
    assert.ok((await ask(strict, swapped)).rules?.includes("bundle-overlaps-previous"));
    assert.ok(!(await ask(lenient, swapped)).rules?.includes("bundle-overlaps-previous"));
  });

  it("says when no guard is there, or its configuration may not be read", async () => {
    const same = trustRootsOf([first]);
    assert.match((await ask(mesh, same)).notes.join(), /no guard is installed there/);
    assert.match(
      (await ask({ ...mesh, [guard]: 403 }, same)).notes.join(),
      /may not be read: its defaults are assumed/,
    );
  });

  it("says what was not asked where the pods may not be seen", async () => {
    const { code, notes } = await ask(
      { ...mesh, "/api/v1/pods": 403, [guard]: 403 },
      trustRootsOf([first, second]),
    );
    assert.equal(code, 0);
    assert.match(notes.join(), /not asked, for \/api\/v1\/pods is forbidden: .*issuer-trusted-by-proxies/);
  });

  it("does not guess where one of the two objects may not be read", async () => {
    const { code, stderr } = await ask({ ...mesh, [secret]: 403 }, trustRootsOf([first]));
    assert.equal(code, 1);
    assert.match(stderr, /linkerd-identity-issuer is forbidden\nlinkerd-certs: hint: Ask for it\.\n$/);
  });

  it("takes a new object for a CREATE", async () => {
    assert.deepEqual((await ask({}, trustRootsOf([first]))).rules, []);
  });

  it("says when none of the manifests is the guard's business", async () => {
    const other = { ...trustRootsOf([first]), metadata: { name: "other", namespace: "linkerd" } };
    assert.match(
      (await ask(mesh, other)).notes.join(),
      /none of the manifests is an object that the guard is asked about/,
    );
  });
});
