import { works } from "../../trust/judgements.ts";
import type { Check, Group } from "../survey/assessment.ts";
import type { Survey } from "../survey/types.ts";
import { isObjectName, kubectl, own } from "./shell.ts";

/** Commands that do what a remedy says, to be copied; none where it takes judgement. */
export function commandsFor(
  { id }: Pick<Check, "id">,
  survey: Survey,
  groups: readonly Group[],
): readonly string[] {
  const commands = remedies[id]?.(survey) ?? [];
  if (commands.length === 0 || !restarting.has(id)) return commands;
  // The injector gives new pods the bundle that it started with.
  const fresh = groups.flatMap(({ checks }) => checks).find((check) => check.id === "control-plane-fresh");
  return fresh?.result === "warning"
    ? ["# after the control plane: see control-plane-fresh", ...commands]
    : commands;
}

const restarting = new Set(["issuer-trusted-by-proxies", "proxies-fresh"]);

const newIssuer = own([
  "create",
  "issuer",
  "issuer.crt",
  "issuer.key",
  "--ca",
  "ca.crt",
  "--ca-key",
  "ca.key",
]);

const remedies: Readonly<Record<string, (survey: Survey) => readonly string[]>> = {
  "anchor-not-expired": (survey) =>
    keepsAnchor(survey) ? [own(["bundle", "--live", "--drop-expired", "--apply"], survey)] : [],
  "anchor-not-expiring-soon": (survey) => [own(["rotate", "anchor", "--create", "new-anchor"], survey)],
  "bundle-has-no-duplicates": tidy,
  "bundle-is-tidy": tidy,
  "control-plane-fresh": restartControlPlane,
  "issuer-chains-to-anchor": () => [newIssuer],
  "issuer-known-to-identity": restartIdentity,
  "issuer-not-expired": renewIssuer,
  "issuer-not-expiring-soon": rotateIssuer,
  "issuer-outlives-leaves": rotateIssuer,
  "issuer-taken-up": restartIdentity,
  "issuer-trusted-by-proxies": (survey) => restartWorkloads(survey, ({ id }) => refusing(survey).has(id)),
  "proxies-fresh": (survey) => restartWorkloads(survey, ({ current }) => current === false),
  "renewals-ready": ({ renewals, context }) =>
    renewals
      .filter(({ ready }) => !ready)
      .flatMap(({ what }) => cmctl({ context }, ["status", "certificate"], what)),
};

function tidy(survey: Survey): readonly string[] {
  return [own(["bundle", "--live", "--apply"], survey)];
}

function keepsAnchor({ facts, at }: Survey): boolean {
  return (facts.bundle?.anchors ?? []).some(({ notAfter }) => notAfter >= at);
}

function renewIssuer(survey: Survey): readonly string[] {
  const asked = renewals(survey);
  return asked.length > 0 ? asked : [newIssuer];
}

function rotateIssuer(survey: Survey): readonly string[] {
  const asked = renewals(survey);
  return asked.length > 0
    ? asked
    : [own(["rotate", "issuer", "--ca", "ca.crt", "--ca-key", "ca.key"], survey)];
}

function renewals(survey: Survey): readonly string[] {
  const renewed = survey.renewals.filter((one) => one.of === "issuer");
  return renewed.flatMap(({ what }) => cmctl(survey, ["renew"], what));
}

function cmctl(
  { context }: { readonly context?: string | undefined },
  words: string[],
  what: string,
): string[] {
  const [, namespace = "", name = ""] = /^Certificate ([^/]+)\/(.+)$/.exec(what) ?? [];
  if (![namespace, name].every(isObjectName)) return [];
  const survey = context === undefined ? {} : { context };
  return [kubectl(survey, namespace, ...words, name).replace("kubectl", "cmctl")];
}

// Identity that starts with an issuer it refuses does not start at all: then restarting is no remedy.
function restartIdentity(survey: Survey): readonly string[] {
  const { facts, at, namespace } = survey;
  if (!works(facts.issuer, at)) return [];
  const target = "deploy/linkerd-identity";
  return [
    kubectl(survey, namespace, "rollout", "restart", target),
    kubectl(survey, namespace, "rollout", "status", target),
  ];
}

function restartControlPlane(survey: Survey): readonly string[] {
  const identity = restartIdentity(survey);
  if (identity.length === 0) return [];
  const others = ["deploy/linkerd-proxy-injector", "deploy/linkerd-destination"];
  return [...identity, ...others.map((one) => kubectl(survey, survey.namespace, "rollout", "restart", one))];
}

function refusing({ facts }: Survey): ReadonlySet<string> {
  return new Set(
    (facts.mesh?.held ?? []).filter((one) => one.acceptsIssuer?.ok === false).map(({ id }) => id),
  );
}

const mostNamespaces = 20;

// A new pod is given the live bundle, and gets a certificate only from an identity that signs.
function restartWorkloads(
  survey: Survey,
  which: (holding: Survey["holdings"][number]) => boolean,
): readonly string[] {
  const { facts, at, holdings } = survey;
  if (!works(facts.issuer, at) || facts.issuer?.byProxies?.ok === false) return [];
  const names = holdings
    .filter(which)
    .flatMap(({ workloads }) => workloads.map(({ name }) => name.split("/")));
  const known = names.filter(
    ([namespace = "", kind = "", name = ""]) =>
      /^(deploy|sts|ds)$/.test(kind) && isObjectName(namespace) && isObjectName(name),
  );
  const byNamespace = [...Map.groupBy(known, ([namespace = ""]) => namespace)];
  const commands = byNamespace.map(([namespace, some]) =>
    kubectl(
      survey,
      namespace,
      "rollout",
      "restart",
      ...new Set(some.map(([, kind, name]) => `${kind}/${name}`)),
    ),
  );
  const left = commands.length - mostNamespaces;
  if (left > 0) commands.splice(mostNamespaces, left, `# and in ${left} more namespaces`);
  return commands;
}
