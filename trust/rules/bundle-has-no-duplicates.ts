import { distinct } from "../judgements.ts";
import { named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "bundle-has-no-duplicates",
  severity: "warn",
  summary: "no anchor stands in the trust bundle twice",
  breaks: "Nothing, but the bundle grows, and its text differs from what another tool would write.",
  remedy: "Keep one copy of each anchor.",
  needs: ["bundle"],

  check({ bundle: { anchors } }) {
    const count = (fingerprint: string) => anchors.filter((one) => one.fingerprint === fingerprint).length;
    return distinct(anchors)
      .filter((anchor) => count(anchor.fingerprint) > 1)
      .map(
        (anchor) => `anchor ${named(anchor)} stands in the trust bundle ${count(anchor.fingerprint)} times`,
      );
  },
});
