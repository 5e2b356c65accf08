import { parse } from "yaml";

/** Files by their path in manifests/. */
export type Files = Readonly<Record<string, string>>;

/** How the chart is rendered for the plain manifests; else by its defaults. */
export const plainValues = {
  createNamespace: true,
  monitoring: {
    serviceMonitor: { enabled: true },
    prometheusRule: { enabled: true },
    dashboard: { enabled: true },
  },
};

/** The plain manifests, from what `helm template` prints: each template a file, without what only Helm needs. */
export function plainFiles(rendered: string): Files {
  const files = new Map<string, string>();
  for (const document of rendered.split(/^---\n/m)) {
    const [source = "", template = ""] = /^# Source: [^/]+\/templates\/(\S+)\.yaml\n/.exec(document) ?? [];
    if (template === "") continue;
    const path = `${monitoring.has(template) ? "monitoring" : "guard"}/${template}.yaml`;
    const text =
      path === "guard/config.yaml" ? settings(document) : withoutHelm(document.slice(source.length));
    const above = files.get(path);
    files.set(path, above === undefined ? header(path) + text : `${above}---\n${text}`);
  }
  return Object.fromEntries([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
}

const monitoring: ReadonlySet<string> = new Set(["service-monitor", "prometheus-rule", "dashboard"]);

const header = (path: string) =>
  path === "guard/config.yaml" ? "" : "# Rendered from ../chart by `npm run manifests`. Change it there.\n";

/** What is in the ConfigMap, which is kustomize's to make: its name ends in a hash of this text. */
function settings(document: string): string {
  const { data } = parse(document) as { data: { "config.yaml": string } }; // templates/config.yaml
  const [first, ...rest] = data["config.yaml"].split("\n");
  return [first, "# The line above stays first: component other-namespace replaces it.", ...rest].join("\n");
}

const common = /^ {4}(app\.kubernetes\.io\/(name|instance|version|managed-by)|helm\.sh\/chart): .*\n/gm;

/** Without the labels that kustomization.yaml gives to all, and without what tells Helm's pods to roll. */
function withoutHelm(document: string): string {
  return `${document
    .replace(/^ {2}labels:\n(?: {4}.*\n)+/gm, (labels) => labels.replace(common, ""))
    .replace(/^ {2}labels:\n(?! {4})/gm, "")
    .replace(/^ +# A changed configuration rolls out.*\n +checksum\/config: .*\n/m, "")
    .trimEnd()}\n`;
}
