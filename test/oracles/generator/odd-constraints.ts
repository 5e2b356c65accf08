import { context, implicit } from "../../certificates/der.ts";
import { extension } from "../../certificates/extensions.ts";
import type { GeneralName, Spoil } from "../../certificates/index.ts";

const permitted = (...names: readonly GeneralName[]): Spoil => ({ nameConstraints: { permitted: names } });
const excluded = (...names: readonly GeneralName[]): Spoil => ({ nameConstraints: { excluded: names } });

/** Name constraints and alternative names, mostly about the mesh's own identities. */
export const constraints: Readonly<Record<string, Spoil>> = {
  "the trust domain permitted": permitted("dns:cluster.local"),
  "the trust domain with a dot permitted": permitted("dns:.cluster.local"),
  "the identity itself permitted": permitted(
    "dns:default.default.serviceaccount.identity.linkerd.cluster.local",
  ),
  "in capitals": permitted("dns:CLUSTER.LOCAL"),
  "another domain permitted": permitted("dns:example.org"),
  "half a label permitted": permitted("dns:uster.local"),
  "the empty name permitted": permitted("dns:"),
  "two domains permitted": permitted("dns:example.org", "dns:cluster.local"),
  "the trust domain excluded": excluded("dns:cluster.local"),
  "another domain excluded": excluded("dns:example.org"),
  "the empty name excluded": excluded("dns:"),
  "permitted and excluded": {
    nameConstraints: { permitted: ["dns:local"], excluded: ["dns:linkerd.cluster.local"] },
  },
  "not critical": { nameConstraints: { excluded: ["dns:cluster.local"], critical: false } },
  "addresses permitted": permitted("ip:10.0.0.0/8"),
  "addresses excluded": excluded("ip:10.0.0.0/8"),
  "IPv6 permitted": permitted("ip:fd00::/8"),
  "every address excluded": excluded("ip:0.0.0.0/0", "ip:::/0"),
  "an address without a mask": permitted("ip:10.0.0.1"),
  "a mask with a hole": permitted(implicit(7, Buffer.from([10, 0, 0, 0, 255, 0, 255, 0]))),
  "e-mail permitted": permitted("email:example.org"),
  "an e-mail address excluded": excluded("email:a@example.org"),
  "URIs permitted": permitted("uri:example.org"),
  "URIs excluded": excluded("uri:.example.org"),
  "a directory name permitted": permitted("dir:mesh"),
  "a directory name excluded": excluded("dir:mesh"),
  "a registered id permitted": permitted(implicit(8, Buffer.from("2a0304", "hex"))),
  "a wildcard permitted": permitted("dns:*.cluster.local"),
  "a name with a space": permitted("dns:cluster local"),
  "a name not in ASCII": permitted(implicit(2, Buffer.from("ä.local"))),
  "a trailing dot": permitted("dns:cluster.local."),
  empty: { nameConstraints: {} },
  "an empty list": { nameConstraints: { permitted: [] } },
  broken: { extensions: [extension("2.5.29.30", Buffer.from("30030101", "hex"), true)] },
  "a SAN in the trust domain": { sans: ["dns:identity.linkerd.cluster.local"] },
  "a SAN elsewhere": { sans: ["dns:example.org"] },
  "SANs of each kind": {
    sans: [
      "dns:a.cluster.local",
      "ip:10.1.2.3",
      "email:a@example.org",
      "uri:spiffe://cluster.local/ns/a",
      "dir:mesh",
    ],
  },
  "a wildcard SAN": { sans: ["dns:*.cluster.local"] },
  "an empty SAN": { sans: ["dns:"] },
  "a SAN that is no name": { sans: ["dns:a b"] },
  "a SAN with underscores": { sans: ["dns:_a.cluster.local"] },
  "a URI that is none": { sans: ["uri:::"] },
  "a URI with an address": { sans: ["uri:spiffe://10.0.0.1/a"] },
  "a URI without a host": { sans: ["uri:urn:a:b"] },
  "an address of five octets": { sans: [implicit(7, Buffer.alloc(5, 1))] },
  "an e-mail address that is none": { sans: ["email:a"] },
  "other names": { sans: [context(0, Buffer.from("06032a0304a0030c0161", "hex"))] },
  "a SAN not in ASCII": { sans: [implicit(2, Buffer.from("ä.local"))] },
  "a SAN and permission elsewhere": {
    sans: ["dns:identity.linkerd.cluster.local"],
    nameConstraints: { permitted: ["dns:example.org"] },
  },
  "an address SAN": { sans: ["ip:10.1.2.3"] },
  "an e-mail SAN": { sans: ["email:a@example.org"] },
  "a URI SAN": { sans: ["uri:spiffe://cluster.local/ns/a"] },
  "critical SANs": {
    extensions: [extension("2.5.29.17", Buffer.from("30038201 61".replace(" ", ""), "hex"), true)],
  },
};
