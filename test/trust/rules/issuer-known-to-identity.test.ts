// https://github.com/linkerd/linkerd2/issues/8018: IssuerUpdateSkipped is "only a Warning", and hours
// later the control plane stands still.
import rule from "../../../trust/rules/issuer-known-to-identity.ts";
import { after, anchor, day, issuer, keyPair, second } from "../../certificates/index.ts";
import { called, change, facts, healthyIssuer, root, type State, unseen } from "../facts.ts";
import { issuerSecret, trustRoots, written } from "../objects.ts";
import { identityPod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const next = anchor("next root");
const nextIssuer = issuer(next);
const stranger = issuer(anchor("stranger"));
const ended = issuer(root, { notAfter: after(-second) });
const renewedAnchor = anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(400 * day) });

/** Identity starts so long after (or before) the bundle was written that holds both anchors. */
const identityStarts = (afterBundle: number): State => ({
  bundle: trustRoots([root, next]),
  mesh: [identityPod({ startedAt: new Date(written.getTime() + afterBundle) })],
});
const stale = identityStarts(-second);
const { managedFields: _, ...unmanaged } = trustRoots([root, next]).metadata ?? {};
const undated = { ...trustRoots([root, next]), metadata: unmanaged };
const reissue = { issuer: nextIssuer };
const message = `identity started before the trust bundle last changed, so it may not know anchor ${called(next)}`;

testRule(rule, {
  passes: {
    "identity was restarted after the bundle": change(identityStarts(second), reissue),
    "the new issuer is of the anchor that identity signs under now": change(stale, { issuer: issuer(root) }),
    "that anchor was renewed with the same key since": change(
      { ...stale, bundle: trustRoots([renewedAnchor, next]) },
      { issuer: issuer(renewedAnchor) },
    ),
    "the issuer is not touched": change(stale, { bundle: [root, next] }),
    "the issuer chains to nothing, which is another matter": change(stale, { issuer: stranger }),
    "the issuer so far has expired, so there is nothing to lose": change(
      { ...stale, issuer: ended },
      reissue,
    ),
    "the issuer so far has another's key, so there is nothing to lose": change(
      {
        ...stale,
        issuer: issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": keyPair().pem }),
      },
      reissue,
    ),
    "the first issuer of all": change({ ...stale, issuer: undefined }, reissue),
    "identity crashes, so it must read the bundle anew": change(
      { ...stale, mesh: [identityPod({ createdAt: after(-30 * day), crashing: "identity" })] },
      reissue,
    ),
    "a tenant's old pod with identity's label": change(
      {
        ...stale,
        mesh: [identityPod(), identityPod({ namespace: "tenant", createdAt: after(-30 * day) })],
      },
      reissue,
    ),
    "no identity runs": change({ ...stale, mesh: [] }, reissue),
  },
  finds: {
    "identity started a second before the bundle": [
      change(stale, reissue),
      {
        message,
        detail: "identity's pod was made at 2026-05-12T11:59:59Z, the bundle changed at 2026-05-12T12:00:00Z",
      },
    ],
    "in the same second, which is not surely after": [change(identityStarts(0), reissue), message],
    "identity's container started again since, and its pod may hold the old file": [
      change({ ...stale, mesh: [identityPod({ createdAt: written, startedAt: after(0) })] }, reissue),
      message,
    ],
    "nobody recorded when the bundle changed, so it may have been a moment ago": [
      change({ ...identityStarts(second), bundle: undated }, reissue),
      {
        message,
        detail:
          "identity's pod was made at 2026-05-12T12:00:01Z, the bundle changed at a time that is not recorded",
      },
    ],
    "one of three replicas was not restarted": [
      change(
        { ...stale, mesh: [identityPod(), identityPod({ startedAt: after(-30 * day) }), identityPod()] },
        reissue,
      ),
      message,
    ],
  },
  notAsked: {
    "of a state": facts({ ...stale, ...reissue }),
    "where the mesh cannot be seen": change({ ...stale, mesh: unseen }, reissue),
  },
});
