import { sameAnchor, unused } from "../judgements.ts";
import { few, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

// Pods keep the bundle they were injected with until they are made anew. Where old and new share
// no anchor, each half of the mesh refuses the other half until the last pod is replaced.
export default defineRule({
  id: "bundle-overlaps-previous",
  severity: "deny",
  summary: "the trust bundle shares an anchor with the one it replaces",
  breaks: "Pods with the old and pods with the new bundle refuse one another until all are restarted.",
  remedy: "Write a bundle of the old and the new anchors, and drop the old one when nothing needs it.",
  needs: ["bundle", "previous"],

  check({ bundle, previous, mesh, now }) {
    const before = previous.bundle?.anchors ?? [];
    const useful = before.filter((anchor) => anchor.notAfter >= now);
    if (useful.length === 0 || unused(mesh)) return [];
    if (before.some((old) => bundle.anchors.some((anchor) => sameAnchor(old, anchor)))) return [];
    return [`the trust bundle drops every anchor it had: ${few(useful.map(named))}`];
  },
});
