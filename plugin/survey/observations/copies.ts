import { distinct, sameAnchor } from "../../../trust/judgements.ts";
import { few, named } from "../../../trust/naming.ts";
import type { Observation } from "./observation.ts";

// linkerd-config, the other stored copy, is the rule bundle-agrees-with-config's.
export const bundleAgreesWithOverrides: Observation = {
  id: "bundle-agrees-with-overrides",
  group: "trust bundle",
  severity: "warn",
  summary: "linkerd-config-overrides holds the same anchors as the trust bundle",
  breaks: "The next linkerd upgrade writes another bundle, whatever runs on this one.",
  remedy: "Run linkerd upgrade with --identity-trust-anchors-file, so that it stores the live bundle.",

  look({ places, facts }) {
    const place = places.find(({ what }) => what.includes("/linkerd-config-overrides,"));
    if (place === undefined || place.state === "absent") return undefined;
    if (facts.bundle === undefined) return "there is no trust bundle to compare with";
    if (place.state === "unreadable") return "Secret linkerd-config-overrides cannot be read";
    return [
      ...(place.lacks.length === 0
        ? []
        : [`linkerd upgrade would drop anchor ${few(place.lacks.map(named))}: the overrides lack it`]),
      ...(place.adds.length === 0
        ? []
        : [`linkerd upgrade would bring anchor ${few(place.adds.map(named))} back from the overrides`]),
    ];
  },
};

export const bundleAgreesWithSources: Observation = {
  id: "bundle-agrees-with-sources",
  group: "trust bundle",
  severity: "warn",
  summary: "trust-manager's sources hold the same anchors as the trust bundle",
  breaks: "trust-manager's next write changes the bundle: an anchor goes, or comes.",
  remedy: "Change the sources, not the ConfigMap: trust-manager writes it from them.",

  look({ places, facts }) {
    const sources = places.filter(({ role }) => role === "source");
    if (sources.length === 0) return undefined;
    if (facts.bundle === undefined) return "there is no trust bundle to compare with";
    const unseen = sources.find(({ state }) => state === "unreadable");
    if (unseen !== undefined) return `${unseen.what} cannot be read`;
    const held = distinct(sources.flatMap(({ anchors }) => anchors));
    const live = distinct(facts.bundle.anchors);
    const lacks = live.filter((one) => !held.some((other) => sameAnchor(one, other)));
    const adds = held.filter((one) => !live.some((other) => sameAnchor(one, other)));
    return [
      ...(lacks.length === 0
        ? []
        : [`trust-manager would drop anchor ${few(lacks.map(named))}: none of its sources holds it`]),
      ...(adds.length === 0
        ? []
        : [`trust-manager's sources hold anchor ${few(adds.map(named))}, which the trust bundle lacks`]),
    ];
  },
};
