import { inPlaces, withoutLine } from "../places.ts";
import { defineRule } from "../rule.ts";

/** More of them say no more. */
const mostSkipped = 50;

// Linkerd's reader (linkerd2 pkg/tls/codec.go) stops at the first block that is not a certificate,
// passes over broken blocks, and refuses the whole text for a blank line after the last one.
export default defineRule({
  id: "bundle-reads-whole",
  severity: "deny",
  summary: "Linkerd reads every block of the trust bundle to the end",
  breaks: "Identity and every new proxy refuse to start, or an anchor is lost without a word.",
  remedy: "Write a bundle of CERTIFICATE blocks and nothing else, each from its BEGIN to its END line.",
  needs: ["trustRoots"],
  follows: ["bundle-holds-no-key"],
  malformed: "ca-bundle.crt",

  check({ trustRoots: { text, reading } }) {
    if (reading === undefined || text?.blank === true) return [];
    // Where the whole is refused, it does not matter what part would have been passed over.
    if (reading.refused !== undefined) {
      const { what, where } = withoutLine(reading.refused);
      const message = `identity would not start on the trust bundle: ${what}`;
      return [where === undefined ? message : { message, detail: where }];
    }
    const { refused, skipped } = reading.proxy;
    return [
      ...inPlaces(
        reading.dropped.map(({ line, what }) => ({
          message: `identity would silently pass over part of the trust bundle: ${what}`,
          where: `line ${line}`,
        })),
      ),
      ...(refused === undefined ? [] : [`proxies would not start on the trust bundle: ${refused}`]),
      ...inPlaces(
        Array.from({ length: Math.min(skipped, mostSkipped) }, () => ({
          message: "proxies would skip an anchor that they cannot read",
          where: `${skipped} in all`,
        })),
      ),
    ];
  },
});
