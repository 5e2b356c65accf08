// bundle --apply where the ConfigMap has an owner, and where somebody else writes at the same moment.
import assert from "node:assert/strict";
import { after as atEnd, before, beforeEach, describe, test } from "node:test";
import { type Cluster, connect } from "../../../cluster/connect.ts";
import { anchor, bundle, hour, issuer } from "../../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { installLinkerd } from "../../cluster/linkerd.ts";
import { type TestWorldOptions, testWorld } from "../world.ts";

const now = new Date();
const from = new Date(Math.floor(now.getTime() / 1000) * 1000 - 100 * hour);
const dated = { notBefore: from, notAfter: new Date(from.getTime() + 20_000 * hour) };
const [current, next, theirs] = [
  anchor("current", dated),
  anchor("next", dated),
  anchor("somebody else's", dated),
];
const identity = issuer(current, { notBefore: from, notAfter: new Date(from.getTime() + 5_000 * hour) });
const files = { "next.pem": next.pem };
const roots = "/api/v1/namespaces/linkerd/configmaps/linkerd-identity-trust-roots";

let cp: ControlPlane;
before(async () => {
  cp = await startControlPlane();
  const issuerOf = { chainPem: identity.pem, keyPem: identity.keyPem };
  await installLinkerd(cp, { bundle: bundle(current), issuer: issuerOf });
});
atEnd(() => cp?.stop());
beforeEach(() => write(bundle(current)));

describe("bundle --apply, where the ConfigMap has an owner", () => {
  const tracking = "argocd.argoproj.io/tracking-id";
  const cases = [
    {
      owner: "Argo CD",
      annotations: { [tracking]: "mesh:/ConfigMap:linkerd/linkerd-identity-trust-roots" },
      told: /has an owner: Argo CD \(application mesh\) writes back what it has \(annotation argocd\S+ is "mesh:\S+"\)/,
      hint: /hint: Commit it where application mesh reads it/,
    },
    {
      owner: "Flux",
      labels: {
        "kustomize.toolkit.fluxcd.io/name": "infra",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
      },
      told: /has an owner: Flux \(Kustomization flux-system\/infra\) writes back what it has/,
      hint: /hint: .*flux suspend kustomization infra -n flux-system\./,
    },
    {
      owner: "trust-manager",
      labels: { "trust.cert-manager.io/bundle": "linkerd-identity-trust-roots" },
      told: /has an owner: trust-manager \(Bundle linkerd-identity-trust-roots\) writes back what it has/,
      hint: /hint: Add it to a source of Bundle linkerd-identity-trust-roots/,
    },
  ];
  for (const { owner, told, hint, labels = {}, annotations = {} } of cases) {
    test(`stops before ${owner} would write it back, dry run or not, and says what to do instead`, async () => {
      await write(bundle(current), { labels, annotations });
      for (const dry of [[], ["--dry-run", "client"], ["--dry-run", "server"]]) {
        const { code, stderr } = await apply({}, ...dry);
        assert.equal(code, 4, stderr);
        assert.match(stderr, told);
        assert.match(stderr, hint);
      }
      assert.equal(await liveText(), bundle(current));
      const forced = await apply({}, "--force-conflicts");
      assert.equal(forced.code, 0, forced.stderr);
      assert.match(forced.stderr, /warning: ConfigMap \S+ has an owner/);
      assert.equal(await liveText(), bundle(current, next));
      await write(bundle(current), {
        labels: Object.fromEntries(Object.keys(labels).map((key) => [key, null])),
        annotations: Object.fromEntries(Object.keys(annotations).map((key) => [key, null])),
      });
    });
  }

  test("says of Helm and Linkerd's command line that the next upgrade brings the old one back", async () => {
    const helm = await apply({}, "--force-conflicts");
    assert.equal(helm.code, 0, helm.stderr);
    assert.match(helm.stderr, /warning: .* has an owner: the next helm upgrade brings the old one back/);
    assert.match(helm.stderr, /hint: .*--set-file identityTrustAnchorsPEM=bundle\.crt\./);
    await write(bundle(current), { annotations: { "linkerd.io/created-by": "linkerd/cli edge-26.4.4" } });
    const cli = await apply({}, "--force-conflicts");
    assert.match(cli.stderr, /warning: .* has an owner: the next linkerd upgrade brings the old one back/);
    assert.match(cli.stderr, /hint: .*linkerd upgrade --identity-trust-anchors-file=bundle\.crt\./);
  });

  test("the owner is shown among the places that hold anchors", async () => {
    const annotations = { [tracking]: "mesh:/ConfigMap:linkerd/linkerd-identity-trust-roots" };
    await write(bundle(current), { annotations });
    const where = await world().run("inspect", "--where");
    assert.equal(where.code, 0, where.stderr);
    assert.match(where.stdout, /^PLACE +ANCHORS +AGAINST THE LIVE BUNDLE +WRITTEN AGAIN BY +READ BY$/m);
    assert.match(where.stdout, /^ConfigMap \S+trust-roots, ca-bundle\.crt .* Argo CD \(application mesh\)/m);
    const { items } = JSON.parse((await world().run("inspect", "--where", "-o", "json")).stdout);
    assert.deepEqual(
      items[0].owners.map(({ kind, name }: { kind: string; name: string }) => [kind, name])[0],
      ["argo-cd", "mesh"],
    );
    const check = await world().run("check", "-o", "wide", "--fail-on", "never");
    assert.match(check.stdout, /ca-bundle\.crt .* Argo CD \(application mesh\)/);
    await write(bundle(current), { annotations: { [tracking]: null } });
  });
});

describe("bundle --apply, while somebody else writes", () => {
  test("between reading and writing: nothing of theirs is lost, and it says so", async () => {
    const cluster = await meddled(() => write(bundle(current, theirs)));
    const { code, stderr } = await apply({ cluster }, "--force-conflicts");
    assert.equal(code, 4);
    assert.match(stderr, /^linkerd-certs: error: somebody else has written meanwhile: .*modified/m);
    assert.match(stderr, /^linkerd-certs: hint: Look at the diff again\.$/m);
    assert.doesNotMatch(stderr, /^wrote/m);
    assert.equal(await liveText(), bundle(current, theirs));
    const again = await apply({}, "--force-conflicts");
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await liveText(), bundle(current, theirs, next));
  });

  test("a ConfigMap that comes meanwhile is not replaced", async () => {
    await cp.api("DELETE", roots);
    const cluster = await meddled(() => write(bundle(theirs)));
    const words = ["bundle", "current.pem", "--apply", "--yes", "--force-conflicts"];
    const { code, stderr } = await world({ files: { "current.pem": current.pem }, cluster }).run(...words);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /^linkerd-certs: error: somebody else has written meanwhile: /m);
    assert.equal(await liveText(), bundle(theirs));
  });

  test("where there is none, --live says so and what to do", async () => {
    await cp.api("DELETE", roots);
    const { code, stderr } = await apply({});
    assert.equal(code, 1);
    assert.match(
      stderr,
      /error: there is no ConfigMap linkerd\/linkerd-identity-trust-roots\n.*hint: Leave --live out/,
    );
  });

  test("a ConfigMap that goes meanwhile is not made anew", async () => {
    const cluster = await meddled(() => cp.api("DELETE", roots).then(() => {}));
    const { code, stderr } = await apply({ cluster }, "--force-conflicts");
    assert.equal(code, 4, stderr);
    assert.match(stderr, /somebody else has written meanwhile/);
    assert.equal((await cp.api("GET", roots)).status, 404);
  });
});

/** A real cluster where something happens just before our write arrives. */
async function meddled(meddle: () => Promise<void>): Promise<Cluster> {
  const real = await connect({ kubeconfig: cp.kubeconfig });
  return {
    ...real,
    async request(method, path, options) {
      if (method === "PATCH") await meddle();
      return real.request(method, path, options);
    },
  };
}

const apply = (options: TestWorldOptions, ...more: readonly string[]) =>
  world({ files, ...options }).run("bundle", "--live", "next.pem", "--apply", "--yes", ...more);

function world(options: TestWorldOptions = {}) {
  return testWorld({ kubeconfig: cp.kubeconfig, now, ...options });
}

/** As somebody else does, by the API. */
async function write(text: string, metadata: object = {}): Promise<void> {
  const data = { "ca-bundle.crt": text };
  const { status } = await cp.api("PATCH", roots, { metadata, data });
  if (status !== 404) return;
  const name = "linkerd-identity-trust-roots";
  await cp.api("POST", roots.slice(0, roots.lastIndexOf("/")), { metadata: { name, ...metadata }, data });
}

async function liveText(): Promise<string> {
  const { body } = await cp.api<{ data: Record<string, string> }>("GET", roots);
  return body.data["ca-bundle.crt"] ?? "";
}
