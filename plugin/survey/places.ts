import type { Facts } from "../../trust/facts.ts";
import { installConfigName, openInstallConfig } from "../../trust/gather/install-config.ts";
import { issuerSecretName } from "../../trust/gather/issuer-secret.ts";
import type { ObjectMeta, Secret } from "../../trust/gather/objects.ts";
import { bundleKey, trustRootsName } from "../../trust/gather/trust-roots.ts";
import { distinct, sameAnchor } from "../../trust/judgements.ts";
import { type Owner, ownersOf } from "../../trust/owners/owner-of.ts";
import type { BundleReading } from "../../trust/x509/index.ts";
import type { Look, Seen } from "./look.ts";
import type { Place } from "./types.ts";

const overridesName = "linkerd-config-overrides";

/** A place before it is compared with the live bundle. `reading` undefined: there are no anchors there. */
export interface Spot extends Pick<Place, "what" | "role" | "readBy" | "owners"> {
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
    owners: ownersIn(seen),
    reading: seen && { value: openInstallConfig({ data: { values } }).anchors },
  };
}

/** The three objects that the facts were gathered from, as they were read. */
export interface ReadObjects {
  readonly trustRoots: Seen<unknown> | undefined;
  readonly config: Seen<unknown> | undefined;
  readonly issuerSecret: Seen<unknown> | undefined;
}

/** The places that the facts know, in the order in which they count. */
export function knownSpots(facts: Facts, read: ReadObjects): Spot[] {
  const { namespace, trustRoots, install, issuerSecret } = facts;
  return [
    {
      what: `ConfigMap ${namespace}/${trustRootsName}, ${bundleKey}`,
      role: "live",
      readBy: "identity and the control plane's proxies when they start, the injector for every new pod",
      owners: ownersIn(read.trustRoots),
      reading: trustRoots && { value: trustRoots.reading },
    },
    {
      what: `ConfigMap ${namespace}/${installConfigName}, identityTrustAnchorsPEM`,
      role: "stored",
      readBy: "linkerd check; helm upgrade and linkerd upgrade write the same anchors",
      owners: ownersIn(read.config),
      reading: install && { value: install.anchors },
    },
    {
      what: `Secret ${namespace}/${issuerSecretName}, ca.crt`,
      role: "copy",
      readBy: "linkerd check and linkerd upgrade; identity does not",
      owners: ownersIn(read.issuerSecret),
      reading: issuerSecret && { value: issuerSecret.caCrt },
    },
  ];
}

/** Who writes an object again that was read, or that is not there. */
export function ownersIn(seen: Seen<unknown> | undefined): readonly Owner[] {
  return ownersOf((seen?.value as { readonly metadata?: ObjectMeta } | undefined)?.metadata); // every object has it
}

/** Compared with the live bundle. */
export function placesOf(spots: readonly Spot[], { bundle }: Facts): Place[] {
  const live = distinct(bundle?.anchors ?? []);
  return spots.map(({ what, role, readBy, owners, reading }): Place => {
    const anchors = distinct(reading?.value?.anchors ?? []);
    const compared = bundle !== undefined && role !== "live" && reading?.value !== undefined;
    const refused = reading?.value?.refused;
    return {
      what,
      role,
      readBy,
      owners,
      state: reading === undefined ? "unreadable" : reading.value === undefined ? "absent" : "present",
      anchors,
      ...(refused === undefined ? {} : { refused }),
      lacks: compared ? live.filter((one) => !anchors.some((other) => sameAnchor(one, other))) : [],
      adds: compared ? anchors.filter((one) => !live.some((other) => sameAnchor(one, other))) : [],
    };
  });
}
