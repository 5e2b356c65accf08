import { distinct } from "../judgements.ts";
import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// https://github.com/linkerd/linkerd2/issues/5350: random refusals where both had one subject.
export default defineRule({
  id: "issuer-name-differs-from-anchor",
  severity: "warn",
  summary: "the issuer's subject differs from every anchor's",
  breaks: "Verifiers look issuers up by subject; with one name for both some chains fail at random.",
  remedy: "Issue it with a subject of its own: identity.linkerd.<trust domain>.",
  needs: ["issuer", "bundle"],

  check({ issuer: { certificate }, bundle }) {
    return distinct(bundle.anchors)
      .filter(
        (anchor) =>
          anchor.subject === certificate.subject && anchor.keyFingerprint !== certificate.keyFingerprint,
      )
      .map((anchor) => `issuer ${named(certificate)} has the subject of anchor ${named(anchor)}`);
  },
});
