import type { Owner } from "./owner-of.ts";

/** What comes of a write past an owner, and what to do instead. */
export interface Instead {
  /** "Argo CD (application mesh)". */
  readonly called: string;
  /** soon: within seconds or minutes, so the write is for nothing; upgrade: when somebody runs the next one. */
  readonly undoneBy: "soon" | "upgrade";
  /** "Argo CD (application mesh) writes back what it has"; "the next helm upgrade brings the old one back". */
  readonly sentence: string;
  /** One instruction. */
  readonly remedy: string;
}

/** For the trust bundle's ConfigMap, or the issuer's Secret. */
export function insteadOf(owner: Owner, object: "bundle" | "issuer"): Instead {
  const { undoneBy, remedy } = ways[owner.kind](owner, object);
  const called = calledOwner(owner);
  const next = owner.kind === "helm" ? "helm upgrade" : "linkerd upgrade";
  const sentence =
    undoneBy === "soon" ? `${called} writes back what it has` : `the next ${next} brings the old one back`;
  return { called, undoneBy, sentence, remedy };
}

/** "Argo CD (application mesh)", "Helm (release control)" */
export function calledOwner({ kind, name }: Owner): string {
  switch (kind) {
    case "argo-cd":
      return `Argo CD (application ${name})`;
    case "flux":
      return `Flux (${name})`;
    case "trust-manager":
      return `trust-manager (Bundle ${name})`;
    case "cert-manager":
      return `cert-manager (Certificate ${name})`;
    case "helm":
      return name === "" ? "Helm" : `Helm (release ${name})`;
    case "linkerd-cli":
      return "Linkerd's command line";
  }
}

type Way = (owner: Owner, object: "bundle" | "issuer") => Pick<Instead, "undoneBy" | "remedy">;

const soon = (remedy: string) => ({ undoneBy: "soon", remedy }) as const;
const upgrade = (remedy: string) => ({ undoneBy: "upgrade", remedy }) as const;

const ways: Readonly<Record<Owner["kind"], Way>> = {
  "argo-cd": ({ name }) =>
    soon(`Commit it where application ${name} reads it, or let Argo CD ignore the object's data.`),
  flux: ({ name }) => soon(`Commit it where ${name} reads it, or suspend it first: ${suspend(name)}.`),
  "trust-manager": ({ name }) =>
    soon(`Add it to a source of Bundle ${name}, such as Secret linkerd-previous-anchor: the rest follows.`),
  "cert-manager": ({ name }) => soon(`Let cert-manager renew it: cmctl renew ${name}.`),
  helm: (_, object) => upgrade(`Give the next helm upgrade the same ${object}: ${flags.helm[object]}.`),
  "linkerd-cli": (_, object) =>
    upgrade(`Give it the same ${object}: linkerd upgrade ${flags["linkerd-cli"][object]}.`),
};

/** What writes an object anew when somebody runs its next upgrade. */
export type Upgrading = "helm" | "linkerd-cli";

const flags: Readonly<Record<Upgrading, Readonly<Record<"bundle" | "issuer", string>>>> = {
  helm: {
    bundle: "--set-file identityTrustAnchorsPEM=bundle.crt",
    issuer: "--set-file identity.issuer.tls.crtPEM and keyPEM",
  },
  "linkerd-cli": {
    bundle: "--identity-trust-anchors-file=bundle.crt",
    issuer: "--identity-issuer-certificate-file and -key-file",
  },
};

/** What the next upgrade must be given once these were written, whichever way: forward or back. */
export function toCarry(owner: Upgrading, objects: readonly ("bundle" | "issuer")[]): string {
  const next = owner === "helm" ? "helm upgrade" : "linkerd upgrade";
  const what = objects.map((one) => `the ${one}`).join(" and ");
  const now = objects.length === 1 ? "as it is now" : "as they are now";
  return `the next ${next} writes what it was given last. Give it ${what} ${now}: ${objects.map((one) => flags[owner][one]).join(", ")}.`;
}

/** "HelmRelease flux-system/mesh" -> "flux suspend helmrelease mesh -n flux-system" */
function suspend(name: string): string {
  const [kind = "", place = ""] = name.split(" ");
  const [namespace, own] = place.includes("/") ? place.split("/") : [undefined, place];
  return `flux suspend ${kind.toLowerCase()} ${own}${namespace === undefined ? "" : ` -n ${namespace}`}`;
}
