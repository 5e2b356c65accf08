import type { Facts } from "../../trust/facts.ts";
import { installConfigName, openInstallConfig } from "../../trust/gather/install-config.ts";
import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import type { Secret } from "../../trust/gather/objects.ts";
import { bundleKey, trustRootsName } from "../../trust/gather/trust-roots.ts";
import { distinct, sameAnchor } from "../../trust/judgements.ts";
import type { BundleReading } from "../../trust/x509/index.ts";
import type { Look, Seen } from "./look.ts";
import type { Place } from "./types.ts";

export const overridesName = "linkerd-config-overrides";

/** A place before it is compared with the live bundle. `reading` undefined: there are no anchors there. */
export interface Spot extends Pick<Place, "what" | "role" | "readBy"> {
  readonly reading: Seen<BundleReading | undefined> | undefined;
}

/** What `linkerd install` stored for `linkerd upgrade`: the issuer's key too, which is dropped here. */
export async function readOverrides(look: Look, namespace: string): Promise<Spot | undefined> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${overridesName}`;
  const what = `Secret ${namespace}/${overridesName}`;
  const seen = await look.one(what, path, "aside");
  const text = (seen?.value as Secret | undefined)?.data?.[overridesName];
  if (seen !== undefined && text === undefined) return undefined;
  const values = Buffer.from(text ?? "", "base64").toString("utf8");
  return {
    what: `${what}, identityTrustAnchorsPEM`,
    role: "stored",
    readBy: "linkerd upgrade, which writes the ConfigMap from it",
    reading: seen && { value: openInstallConfig({ data: { values } }).anchors },
  };
}

/** The places that the facts know, in the order in which they count. */
export function knownSpots(facts: Facts): Spot[] {
  const { namespace, trustRoots, install, issuerSecret } = facts;
  return [
    {
      what: `ConfigMap ${namespace}/${trustRootsName}, ${bundleKey}`,
      role: "live",
      readBy: "identity and the control plane's proxies when they start, the injector for every new pod",
      reading: trustRoots && { value: trustRoots.reading },
    },
    {
      what: `ConfigMap ${namespace}/${installConfigName}, identityTrustAnchorsPEM`,
      role: "stored",
      readBy: "linkerd check; helm upgrade and linkerd upgrade write the same anchors",
      reading: install && { value: install.anchors },
    },
    {
      what: `Secret ${namespace}/${issuerSecretName}, ca.crt`,
      role: "copy",
      readBy: "linkerd check and linkerd upgrade; identity does not",
      reading: issuerSecret && { value: issuerSecret.caCrt },
    },
  ];
}

/** Compared with the live bundle. */
export function placesOf(spots: readonly Spot[], { bundle }: Facts): Place[] {
  const live = distinct(bundle?.anchors ?? []);
  return spots.map(({ what, role, readBy, reading }): Place => {
    const anchors = distinct(reading?.value?.anchors ?? []);
    const compared = bundle !== undefined && role !== "live" && reading?.value !== undefined;
    const refused = reading?.value?.refused;
    return {
      what,
      role,
      readBy,
      state: reading === undefined ? "unreadable" : reading.value === undefined ? "absent" : "present",
      anchors,
      ...(refused === undefined ? {} : { refused }),
      lacks: compared ? live.filter((one) => !anchors.some((other) => sameAnchor(one, other))) : [],
      adds: compared ? anchors.filter((one) => !live.some((other) => sameAnchor(one, other))) : [],
    };
  });
}
