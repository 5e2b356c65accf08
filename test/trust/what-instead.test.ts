import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Owner } from "../../trust/owners/owner-of.ts";
import { insteadOf } from "../../trust/owners/what-instead.ts";

const owner = (kind: Owner["kind"], name: string): Owner => ({ kind, name, evidence: "" });

describe("instead of a write past the owner", () => {
  it("Git is changed where a controller applies it, within minutes", () => {
    const argo = insteadOf(owner("argo-cd", "mesh"), "bundle");
    assert.equal(argo.sentence, "Argo CD (application mesh) writes back what it has");
    assert.match(argo.remedy, /^Commit it where application mesh reads it/);
    const flux = insteadOf(owner("flux", "HelmRelease flux-system/mesh"), "bundle");
    assert.equal(flux.undoneBy, "soon");
    assert.match(flux.remedy, /flux suspend helmrelease mesh -n flux-system\.$/);
    assert.match(insteadOf(owner("flux", "Kustomization infra"), "bundle").remedy, /kustomization infra\.$/);
  });

  it("a source is added for trust-manager, a Certificate renewed by cert-manager", () => {
    assert.match(insteadOf(owner("trust-manager", "roots"), "bundle").remedy, /source of Bundle roots/);
    assert.match(insteadOf(owner("cert-manager", "issuer"), "issuer").remedy, /cmctl renew issuer/);
  });

  it("the next upgrade is given the same, for Helm and Linkerd's command line", () => {
    const helm = insteadOf(owner("helm", "control"), "bundle");
    assert.equal(helm.undoneBy, "upgrade");
    assert.equal(helm.sentence, "the next helm upgrade brings the old one back");
    assert.match(helm.remedy, /identityTrustAnchorsPEM/);
    const cli = insteadOf(owner("linkerd-cli", "linkerd"), "issuer");
    assert.equal(cli.sentence, "the next linkerd upgrade brings the old one back");
    assert.match(cli.remedy, /--identity-issuer-certificate-file/);
  });

  it("is one instruction in one line, whoever owns it", () => {
    const kinds = ["argo-cd", "flux", "trust-manager", "cert-manager", "helm", "linkerd-cli"] as const;
    for (const kind of kinds)
      for (const object of ["bundle", "issuer"] as const) {
        const { remedy, sentence } = insteadOf(owner(kind, "x"), object);
        assert.match(remedy, /^[A-Z][^\n]{20,110}\.$/);
        assert.doesNotMatch(sentence, /\.$/);
      }
  });
});
