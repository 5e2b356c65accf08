import type { TrustRoots } from "../facts.ts";
import { dependedOn } from "../judgements.ts";
import { defineRule } from "../rule.ts";

// An absent object is milder than an empty one: it is how every install begins.
export default defineRule({
  id: "bundle-present",
  severity: "deny",
  summary: "the trust bundle is there and holds at least one anchor",
  breaks: "Identity, destination and the injector do not start, and no pod is injected.",
  remedy: "Put the anchors, in PEM, under ca-bundle.crt of ConfigMap linkerd-identity-trust-roots.",
  needs: ["trustRoots"],
  malformed: "ca-bundle.crt",

  check(facts) {
    const { trustRoots, previous } = facts;
    if (!trustRoots.present) {
      // That it goes away in this write is for trust-not-deleted to judge.
      if (previous?.trustRoots?.present === true) return [];
      const message = "ConfigMap linkerd-identity-trust-roots is not there";
      return [dependedOn(facts) ? message : { message, severity: "warn" }];
    }
    const missing = whatIsMissing(trustRoots);
    return missing === undefined ? [] : [missing];
  },
});

function whatIsMissing({ text, inBinaryData }: TrustRoots): string | undefined {
  if (text !== undefined) return text.blank ? "the trust bundle is empty" : undefined;
  return inBinaryData
    ? "the trust bundle stands under binaryData, where proxies cannot read it; it belongs under data"
    : "the trust bundle has no key ca-bundle.crt";
}
