import { distinct } from "../judgements.ts";
import { moment, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "anchor-already-valid",
  severity: "warn",
  summary: "every anchor is already valid",
  breaks: "`linkerd check` fails, and identity refuses issuers signed by it until then.",
  remedy: "Wait for its first day before issuing from it, or check the clock that made it.",
  needs: ["bundle"],

  check({ bundle, now }) {
    return distinct(bundle.anchors)
      .filter((anchor) => anchor.notBefore > now)
      .map((anchor) => `anchor ${named(anchor)} is not valid before ${moment(anchor.notBefore)}`);
  },
});
