import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { upgradeNotices } from "../../../plugin/rotate/commands/upgrade-notices.ts";
import type { Owner } from "../../../trust/owners/owner-of.ts";

const owner = (kind: Owner["kind"]): Owner => ({ kind, name: "control", evidence: "" });
const seat = (name: string, bundle: readonly Owner[], issuer: readonly Owner[]) => ({
  name,
  trust: { anchors: [], owners: { bundle, issuer } },
});

describe("what the next upgrade must carry", () => {
  const helm = [owner("helm")];

  test("is said in one line, for forward and back: what is there now", () => {
    assert.deepEqual(upgradeNotices([seat("east", helm, helm)]), [
      "east: the next helm upgrade writes what it was given last. Give it the bundle and the issuer as they are now: --set-file identityTrustAnchorsPEM=bundle.crt, --set-file identity.issuer.tls.crtPEM and keyPEM.",
    ]);
  });

  test("is the issuer alone where nothing else was written", () => {
    assert.deepEqual(upgradeNotices([seat("east", helm, helm)], ["issuer"]), [
      "east: the next helm upgrade writes what it was given last. Give it the issuer as it is now: --set-file identity.issuer.tls.crtPEM and keyPEM.",
    ]);
  });

  test("is nothing for what Git, cert-manager or trust-manager makes", () => {
    const [east, west] = [
      seat("east", [owner("argo-cd")], [owner("cert-manager")]),
      seat("west", [owner("trust-manager")], [owner("linkerd-cli")]),
    ];
    assert.deepEqual(upgradeNotices([east, west]), [
      "west: the next linkerd upgrade writes what it was given last. Give it the issuer as it is now: --identity-issuer-certificate-file and -key-file.",
    ]);
  });
});
