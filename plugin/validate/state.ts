import type { InstallConfig, IssuerSeen, MeshView, Scheme } from "../../trust/facts.ts";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import type { Surroundings, Target } from "../../trust/judge-change.ts";
import type { JsonObject } from "../manifest/manifest.ts";

/** What a change is judged against. Undefined is what was not looked at; `false` what was, and is not there. */
export interface State {
  /** For people: "the live cluster (context …)", "before.yaml". */
  readonly describe: string;
  readonly objects: { readonly [T in Target]: JsonObject | false | undefined };
  readonly install?: InstallConfig | undefined;
  readonly mesh?: MeshView | undefined;
  /** Why the mesh could not be looked at. */
  readonly meshUnseen?: string | undefined;
  readonly terminating?: boolean | undefined;
  readonly issuersSeen?: readonly IssuerSeen[] | undefined;
}

/** The state as the core wants it. */
export function surroundingsOf(state: State): Surroundings["live"] {
  const { install, mesh, terminating, issuersSeen, objects } = state;
  const { "trust-roots": roots, issuer } = objects;
  return {
    // The API server's word, or checked by `settle`.
    ...(roots === undefined
      ? {}
      : { trustRoots: openTrustRoots((roots || undefined) as ConfigMap | undefined) }),
    ...(issuer === undefined
      ? {}
      : { issuerSecret: openIssuerSecret((issuer || undefined) as Secret | undefined) }),
    ...(install === undefined ? {} : { install }),
    ...(mesh === undefined ? {} : { mesh }),
    ...(terminating === undefined ? {} : { terminating }),
    ...(issuersSeen === undefined ? {} : { issuersSeen }),
  };
}

/** The state after a write of one object. */
export function written(state: State, target: Target, object: JsonObject | false, now: Date): State {
  const after = { ...state, objects: { ...state.objects, [target]: object } };
  return target === "issuer" && state.issuersSeen !== undefined
    ? { ...after, issuersSeen: [...state.issuersSeen, ...issuersIn(after, now, state.issuersSeen.at(-1))] }
    : after;
}

/**
 * The issuer that a state shows, as the guard takes note of it. (The guard
 * remembers earlier ones as well: of the day before, it may know more than we.)
 */
export function issuersIn(state: State, now: Date, last?: IssuerSeen): IssuerSeen[] {
  const object = state.objects.issuer;
  if (object === undefined || object === false) return [];
  const { readings, changedAt } = openIssuerSecret(object as Secret);
  const schemes: readonly (Scheme | undefined)[] = [
    state.mesh?.identity?.scheme ?? state.install?.scheme,
    "linkerd.io/tls",
    "kubernetes.io/tls",
  ];
  const chain = schemes
    .map((scheme) => (scheme && readings[scheme]?.chain) ?? [])
    .find((one) => one.length > 0);
  if (chain === undefined) return [];
  const print = (one: IssuerSeen["chain"] | undefined) => one?.map(({ fingerprint }) => fingerprint).join();
  return print(last?.chain) === print(chain) ? [] : [{ from: changedAt ?? now, chain }];
}
