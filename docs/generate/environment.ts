import { settable } from "../../plugin/settings/fitting.ts";
import { variableOf } from "../../plugin/settings/settle.ts";
import { code } from "./markdown.ts";

type Variable = readonly [names: readonly string[], does: string];

const ofBoth: readonly Variable[] = [
  [
    ["HTTPS_PROXY", "https_proxy"],
    "the proxy on the way to the API server, unless the kubeconfig names one: http, https, socks5 or socks5h",
  ],
  [["NO_PROXY", "no_proxy"], "which servers are reached without it, as Go reads it"],
  [
    ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"],
    "set by Kubernetes in a pod: with no kubeconfig named, the pod's own service account is used there",
  ],
];

const ofPlugin: readonly Variable[] = [
  [["KUBECONFIG"], "the kubeconfig, or several of them joined as for kubectl; `--kubeconfig` wins"],
  ...ofBoth,
  [["HOME", "USERPROFILE"], "where `.kube/config` and `.config` are"],
  [["XDG_CONFIG_HOME"], "instead of `~/.config`, for a person's own [settings](../settings.md)"],
  [["NO_COLOR"], "no colours, unless `--color` says otherwise ([no-color.org](https://no-color.org))"],
  [["FORCE_COLOR"], "colours in a pipe, too; 0 or false: none"],
  [["TERM"], "dumb: no colours, and no screen that is drawn anew"],
  [["LC_ALL", "LC_CTYPE", "LANG"], "without UTF-8 in the first that is set, symbols are plain ASCII"],
];

const ofGuard: readonly Variable[] = [
  [["LINKERD_CERTS_CONFIG"], "the configuration; `--config` wins"],
  [["KUBECONFIG"], "the kubeconfig, for a guard outside the cluster; `--kubeconfig` wins"],
  ...ofBoth,
];

/** The environment's variables that the plugin reads, as rows. */
export function environmentOfPlugin(): readonly (readonly string[])[] {
  const settings = Object.keys(settable).map((flag): Variable => {
    const about =
      flag === "contexts" ? "for check and report, joined by commas: `--context`" : `as \`--${flag}\``;
    return [[variableOf(flag)], `[setting](../settings.md): ${about}`];
  });
  return [...ofPlugin, ...settings].map(row);
}

export const environmentOfGuard: readonly (readonly string[])[] = ofGuard.map(row);

function row([names, does]: Variable): readonly string[] {
  return [names.map(code).join(", "), does];
}
