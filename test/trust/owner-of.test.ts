import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ObjectMeta } from "../../trust/gather/objects.ts";
import { ownersOf } from "../../trust/owners/owner-of.ts";

const roots = { name: "linkerd-identity-trust-roots", namespace: "linkerd" };
const kinds = (meta: ObjectMeta) => ownersOf({ ...roots, ...meta }).map(({ kind, name }) => [kind, name]);

describe("who writes an object again", () => {
  it("is nobody where its metadata names nobody", () => {
    assert.deepEqual(ownersOf(undefined), []);
    assert.deepEqual(kinds({ labels: { "linkerd.io/control-plane-component": "identity" } }), []);
    assert.deepEqual(
      kinds({ managedFields: [{ manager: "kubectl-edit" }, { manager: "linkerd-certs" }] }),
      [],
    );
  });

  it("is trust-manager by its label, by the Bundle it belongs to, or by who wrote it", () => {
    const found = [["trust-manager", "linkerd-identity-trust-roots"]];
    const bundle = "linkerd-identity-trust-roots";
    assert.deepEqual(kinds({ labels: { "trust.cert-manager.io/bundle": bundle } }), found);
    assert.deepEqual(kinds({ labels: { "trust-manager.io/bundle": bundle } }), found);
    assert.deepEqual(kinds({ ownerReferences: [{ kind: "ClusterBundle", name: bundle }] }), found);
    assert.deepEqual(kinds({ managedFields: [{ manager: "trust-manager" }] }), found);
  });

  it("is cert-manager by the annotation of the Certificate", () => {
    const annotations = { "cert-manager.io/certificate-name": "linkerd-identity-issuer" };
    assert.deepEqual(kinds({ annotations }), [["cert-manager", "linkerd-identity-issuer"]]);
  });

  it("is Argo CD by a tracking id that names this object", () => {
    const tracking = (id: string) => kinds({ annotations: { "argocd.argoproj.io/tracking-id": id } });
    assert.deepEqual(tracking("mesh:/ConfigMap:linkerd/linkerd-identity-trust-roots"), [["argo-cd", "mesh"]]);
    assert.deepEqual(tracking("team_mesh:/ConfigMap:linkerd/linkerd-identity-trust-roots"), [
      ["argo-cd", "team_mesh"],
    ]);
  });

  it("is not Argo CD by a tracking id that was copied from another object", () => {
    const annotations = { "argocd.argoproj.io/tracking-id": "mesh:/ConfigMap:other/linkerd-config" };
    assert.deepEqual(kinds({ annotations }), []);
  });

  it("is Argo CD by the instance label where Argo CD is recorded as a writer, and not by a chart's own", () => {
    const labels = { "app.kubernetes.io/instance": "mesh" };
    assert.deepEqual(kinds({ labels }), []);
    assert.deepEqual(kinds({ labels, managedFields: [{ manager: "helm" }] }), [["helm", ""]]);
    assert.deepEqual(kinds({ labels, managedFields: [{ manager: "argocd-controller" }] }), [
      ["argo-cd", "mesh"],
    ]);
    assert.deepEqual(kinds({ labels: { "argocd.argoproj.io/instance": "mesh" } }), [["argo-cd", "mesh"]]);
  });

  it("is Flux by the labels of its Kustomization or its HelmRelease, and the release is Helm's too", () => {
    const labels = {
      "kustomize.toolkit.fluxcd.io/name": "infra",
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    };
    assert.deepEqual(kinds({ labels }), [["flux", "Kustomization flux-system/infra"]]);
    assert.deepEqual(
      kinds({
        labels: { "helm.toolkit.fluxcd.io/name": "mesh", "helm.toolkit.fluxcd.io/namespace": "flux-system" },
        annotations: { "meta.helm.sh/release-name": "mesh" },
      }),
      [
        ["flux", "HelmRelease flux-system/mesh"],
        ["helm", "mesh"],
      ],
    );
  });

  it("is not Flux where Flux is told to leave it alone", () => {
    const labels = { "kustomize.toolkit.fluxcd.io/name": "infra" };
    for (const annotations of [
      { "kustomize.toolkit.fluxcd.io/ssa": "Ignore" },
      { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" },
      { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" },
    ])
      assert.deepEqual(kinds({ labels, annotations }), []);
    assert.equal(kinds({ labels, annotations: { "kustomize.toolkit.fluxcd.io/ssa": "Merge" } }).length, 1);
  });

  it("is Helm by the release, or where Linkerd's chart was rendered; and Linkerd's own command line", () => {
    const by = (value: string) => kinds({ annotations: { "linkerd.io/created-by": value } });
    assert.deepEqual(kinds({ annotations: { "meta.helm.sh/release-name": "control" } }), [
      ["helm", "control"],
    ]);
    assert.deepEqual(by("linkerd/helm edge-26.4.4"), [["helm", ""]]);
    assert.deepEqual(by("linkerd/cli edge-26.4.4"), [["linkerd-cli", "linkerd"]]);
    assert.deepEqual(by("somebody"), []);
  });

  it("is told with its evidence, short enough for a line", () => {
    const id = `mesh:/ConfigMap:linkerd/linkerd-identity-trust-roots`;
    const [owner] = ownersOf({ ...roots, annotations: { "argocd.argoproj.io/tracking-id": id } });
    assert.equal(owner?.evidence, `annotation argocd.argoproj.io/tracking-id is "${id}"`);
    const [long] = ownersOf({ labels: { "trust.cert-manager.io/bundle": "x".repeat(5_000) } });
    assert.ok((long?.evidence.length ?? 0) < 200);
  });
});
