import { layouts } from "../gather/issuer-secret.ts";
import { inPlaces, withoutLine } from "../places.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "issuer-reads-whole",
  severity: "deny",
  summary: "Linkerd reads the issuer's certificates to the end",
  breaks: "Identity skips the update, or does not start, or loses part of the chain without a word.",
  remedy: "Write the issuer's certificate first, then its intermediates, in PEM and nothing else.",
  needs: ["issuerSecret"],
  malformed: "issuer",

  check({ issuerSecret: { scheme, readings } }) {
    const reading = scheme === undefined ? undefined : readings[scheme];
    if (scheme === undefined || reading === undefined) return [];
    const { certificate } = layouts[scheme];
    if (reading.chainRefused !== undefined) {
      const { what, where } = withoutLine(reading.chainRefused);
      const message = `identity refuses ${certificate}: ${what}`;
      return [where === undefined ? message : { message, detail: where }];
    }
    return inPlaces(
      reading.dropped.map(({ line, what }) => ({
        message: `identity would silently pass over part of ${certificate}: ${what}`,
        where: `line ${line}`,
      })),
    );
  },
});
