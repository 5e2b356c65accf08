import { inPlaces } from "../places.ts";
import { defineRule } from "../rule.ts";

// A bundle is copied into the environment of every proxy and read by everyone. trust-manager
// refuses keys in it for the same reason.
export default defineRule({
  id: "bundle-holds-no-key",
  severity: "deny",
  summary: "no private key stands anywhere in the trust bundle's ConfigMap",
  breaks: "Whoever can read a ConfigMap or a pod can mint identities for the whole mesh.",
  remedy: "Take the key out, treat it as leaked, and rotate the certificate that it belongs to.",
  needs: ["trustRoots"],
  malformed: "ca-bundle.crt",

  check({ trustRoots }) {
    return inPlaces(
      trustRoots.privateKeys.map(({ place, what }) => ({
        message: `a private key stands in ${place}`,
        where: what,
      })),
    );
  },
});
