import { bundleKey } from "../gather/trust-roots.ts";
import type { BundleSpec } from "./objects.ts";
import { calledSource, type OwnerFound, type OwnerRule } from "./owner-rule.ts";
import { selects } from "./selector.ts";
import { secretNamed } from "./trust-sources.ts";

export const bundleOverlaps: OwnerRule = {
  id: "bundle-source-overlaps",
  severity: "deny",
  summary: "the Bundle has a source for the previous anchor beside the current one",
  breaks: "The old anchor leaves the bundle at once; restarted proxies refuse all that it has signed.",
  remedy:
    "Add a second source, such as Secret linkerd-previous-anchor, and copy the old anchor there before each rotation.",
  // A Secret of cert-manager's holds one anchor. When it gets a new key the bundle is another, at once.
  check: ({ bundles, anchors }) =>
    bundles.flatMap((one): OwnerFound[] => {
      const [only, ...more] = one.sources;
      const name = only && secretNamed(only);
      if (name === undefined || more.length > 0 || one.defaultCAs) return [];
      const certificate = anchors.find(({ secretName }) => secretName === name);
      if (certificate?.rotationPolicy === "Never") return [];
      const message = `${calledSource(one.source)} has one source, Secret ${name}: a new anchor there replaces the old one at once`;
      return [{ ...at(one, one.sourcesField), message }];
    }),
};

export const bundleTargetIsRead: OwnerRule = {
  id: "bundle-target-is-read",
  severity: "deny",
  summary: `the Bundle's target is a ConfigMap with the key ${bundleKey}`,
  breaks: "Linkerd reads no bundle at all, or an old one that nobody renews.",
  remedy: `Set spec.target.configMap to the key ${bundleKey}.`,
  check: ({ bundles }) =>
    bundles
      .filter(({ configMapKeys }) => !configMapKeys?.includes(bundleKey))
      .map((one) => ({
        ...at(one, "target", ...(one.configMapKeys === undefined ? [] : ["configMap"])),
        message: `${calledSource(one.source)} writes no ConfigMap with the key ${bundleKey}, the only one that Linkerd reads`,
      })),
};

export const bundleSelectorStays: OwnerRule = {
  id: "bundle-selector-stays",
  severity: "deny",
  summary: "the Bundle selects Linkerd's namespace by what cannot go away",
  breaks: "trust-manager deletes the trust roots, and no pod of the mesh starts any more.",
  remedy:
    "Select by kubernetes.io/metadata.name, which every namespace keeps, or keep the label in the Namespace's manifest.",
  // Where a namespace no longer matches, trust-manager deletes its target.
  check: ({ bundles, namespace, namespaceLabels }) =>
    bundles.flatMap((one): OwnerFound[] => {
      const own = { "kubernetes.io/metadata.name": namespace };
      const keys = [...Object.keys(one.selector.labels), ...one.selector.expressions.map(({ key }) => key)];
      const others = keys.filter((key) => !(key in own));
      const found = at(one, "target", "namespaceSelector");
      const known = namespaceLabels ?? (others.length === 0 ? own : undefined);
      if (known === undefined) {
        const message = `${calledSource(one.source)} selects by label ${others.join(", ")}: taking it off namespace ${namespace} deletes the trust roots`;
        return [{ ...found, message, severity: "warn" }];
      }
      if (selects(one.selector, known)) return [];
      return [
        {
          ...found,
          message: `${calledSource(one.source)} does not select namespace ${namespace}, so there are no trust roots in it`,
        },
      ];
    }),
};

export const bundleHoldsNoDefaultCas: OwnerRule = {
  id: "bundle-holds-no-default-cas",
  severity: "deny",
  summary: "the Bundle takes in no public CAs",
  breaks: "Whoever gets a certificate of a public CA is trusted by the whole mesh.",
  remedy: "Take useDefaultCAs out: the mesh trusts its own anchors alone.",
  check: ({ bundles }) =>
    bundles
      .filter(({ defaultCAs }) => defaultCAs)
      .map((one) => ({
        ...at(one, one.sourcesField === "sources" ? "sources" : "defaultCAs"),
        message: `${calledSource(one.source)} makes every public CA an anchor of the mesh, and fills each proxy's environment with them`,
      })),
};

function at(one: BundleSpec, ...path: readonly string[]): Pick<OwnerFound, "source" | "path"> {
  return { source: one.source, path: ["spec", ...path] };
}
