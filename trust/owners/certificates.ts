import { usualLeafLifetimeMs } from "../leaf-lifetime.ts";
import type { CertificateSpec } from "./objects.ts";
import { calledSource, type OwnerFound, type OwnerRule } from "./owner-rule.ts";
import { spelled } from "./spelled.ts";
import { secretNamed } from "./trust-sources.ts";

const day = 24 * 3_600_000;

export const anchorNotOnATimer: OwnerRule = {
  id: "anchor-certificate-not-on-a-timer",
  severity: "deny",
  summary: "no timer gives the anchor a new key",
  breaks:
    "One day the anchor is another; nothing was restarted, and the mesh refuses what the new one signs.",
  remedy:
    "Set rotationPolicy Never, or a long duration with a small renewBefore, and rotate the anchor by hand, in stages.",
  // cert-manager renews when renewBefore is left. The docs' 8760h with 7320h is every 60 days, unattended.
  check: ({ anchors }) =>
    anchors
      .filter(({ rotationPolicy }) => rotationPolicy !== "Never")
      .map((one) => {
        const every = one.durationMs - one.renewBeforeMs;
        const soon = every < one.durationMs / 2 || every < 90 * day;
        return {
          ...at(one, "renewBefore"),
          message: `${calledSource(one.source)} gives the anchor a new key every ${spelled(every)}, and nothing restarts the mesh then`,
          severity: soon ? ("deny" as const) : ("warn" as const),
        };
      }),
};

export const rotationPolicySet: OwnerRule = {
  id: "certificate-rotation-policy-set",
  severity: "warn",
  summary: "a Certificate says whether renewal brings a new key",
  breaks: "An upgrade of cert-manager decides whether the next renewal brings a new key.",
  remedy:
    "Set spec.privateKey.rotationPolicy: Always for the issuer; Never for an anchor that is to be renewed only.",
  check: ({ anchors, issuers }) =>
    [...anchors, ...issuers]
      .filter(({ rotationPolicy }) => rotationPolicy === undefined)
      .map((one) => ({
        ...at(one, "privateKey", "rotationPolicy"),
        message: `${calledSource(one.source)} has no rotationPolicy: cert-manager 1.18 changed the default from Never to Always`,
      })),
};

export const certificateIsCa: OwnerRule = {
  id: "certificate-is-ca",
  severity: "deny",
  summary: "the Certificates of anchor and issuer are CAs",
  breaks: "cert-manager makes a leaf of it; identity does not start with it, or signs what nobody trusts.",
  remedy: "Set spec.isCA: true.",
  check: ({ anchors, issuers }) =>
    [...anchors, ...issuers]
      .filter(({ isCA }) => !isCA)
      .map((one) => ({
        ...at(one, "isCA"),
        message: `${calledSource(one.source)} is no CA, so it can sign nothing`,
      })),
};

export const certificateAlgorithmSupported: OwnerRule = {
  id: "certificate-algorithm-supported",
  severity: "deny",
  summary: "the Certificates ask for keys that Linkerd supports",
  breaks: "Identity signs nothing with such an issuer, and proxies pass over such an anchor.",
  remedy: "Set spec.privateKey: {algorithm: ECDSA, size: 256}.",
  check: ({ anchors, issuers }) => [
    ...anchors.flatMap((one) => {
      const rsa = one.algorithm === "RSA" && (one.size === 2048 || one.size === 4096);
      return rsa || isP256(one)
        ? []
        : [wrongKey(one, "anchor", "ECDSA P-256, RSA 2048 and RSA 4096 are supported")];
    }),
    ...issuers.flatMap((one) =>
      isP256(one) ? [] : [wrongKey(one, "issuer", "only ECDSA P-256 is supported")],
    ),
  ],
};

export const issuerSignedByAnchor: OwnerRule = {
  id: "issuer-certificate-signed-by-anchor",
  severity: "deny",
  summary: "the issuer's Certificate is signed by an anchor of the Bundle",
  breaks: "Identity refuses the issuer: it skips it, and does not start with it.",
  remedy: "Let issuerRef name an Issuer whose ca.secretName is a source of the Bundle.",
  check: ({ issuers, bundles, signerOf }) =>
    issuers.flatMap((one): OwnerFound[] => {
      const signer = signerOf(one);
      if (signer === undefined) return [];
      const found = at(one, "issuerRef");
      const by = calledSource(signer.source);
      if (signer.selfSigned)
        return [
          {
            ...found,
            message: `${calledSource(one.source)} is self-signed by ${by}: no proxy will trust it`,
          },
        ];
      const { caSecret } = signer;
      const lacks = bundles.find(({ sources }) => {
        const named = sources.map(secretNamed);
        return caSecret !== undefined && !named.includes(undefined) && !named.includes(caSecret);
      });
      if (lacks === undefined) return [];
      const where = `${calledSource(lacks.source)} takes no anchor from Secret ${caSecret}`;
      return [{ ...found, message: `${where}, with which ${by} signs the issuer` }];
    }),
};

export const anchorOutlivesIssuer: OwnerRule = {
  id: "anchor-certificate-outlives-issuer",
  severity: "deny",
  summary: "the issuer's Certificate ends before its anchor's",
  breaks: "The issuer goes on signing after its anchor has ended, and nobody accepts what it signs.",
  remedy: "Give the issuer a duration below the anchor's, and below the anchor's renewBefore.",
  check: ({ issuers, anchors, signerOf }) =>
    issuers.flatMap((one): OwnerFound[] => {
      const secret = signerOf(one)?.caSecret;
      const anchor = anchors.find(({ secretName }) => secretName === secret);
      if (anchor === undefined || one.durationMs <= anchor.renewBeforeMs) return [];
      const both = `${calledSource(one.source)} lasts ${spelled(one.durationMs)}`;
      const always = one.durationMs > anchor.durationMs;
      const message = always
        ? `${both}, its anchor only ${spelled(anchor.durationMs)}`
        : `${both}, and its anchor may have only ${spelled(anchor.renewBeforeMs)} left when it signs`;
      return [{ ...at(one, "duration"), message, severity: always ? "deny" : "warn" }];
    }),
};

const extended = /auth$|^any$|signing$|^email protection$|^s\/mime$|^ipsec|^timestamping$|sgc$/;

export const issuerUsages: OwnerRule = {
  id: "issuer-certificate-usages-allow-mesh",
  severity: "deny",
  summary: "the issuer's extended usages, if it has any, allow servers",
  breaks: "Identity refuses the issuer's chain, and signs no certificate.",
  remedy: "Leave spec.usages out, or name cert sign, crl sign, server auth and client auth.",
  // Go refuses a chain whose issuer may not vouch for servers.
  check: ({ issuers }) =>
    issuers
      .filter(({ usages }) => {
        const some = usages.filter((usage) => extended.test(usage) && usage !== "signing");
        return some.length > 0 && !some.includes("server auth") && !some.includes("any");
      })
      .map((one) => ({
        ...at(one, "usages"),
        message: `${calledSource(one.source)} has usages without "server auth": identity refuses it`,
      })),
};

export const issuerNameDiffers: OwnerRule = {
  id: "issuer-certificate-name-differs",
  severity: "warn",
  summary: "issuer and anchor have different names",
  breaks: "Some verifiers take one for the other, and connections fail now and then (linkerd2#5350).",
  remedy: "Give the issuer a common name of its own, such as identity.linkerd.cluster.local.",
  check: ({ issuers, anchors }) =>
    issuers
      .filter(
        (one) => one.commonName !== "" && anchors.some((anchor) => anchor.commonName === one.commonName),
      )
      .map((one) => ({
        ...at(one, "commonName"),
        message: `${calledSource(one.source)} has its anchor's common name, "${one.commonName.slice(0, 64)}"`,
      })),
};

export const issuerRenewsInTime: OwnerRule = {
  id: "issuer-certificate-renews-in-time",
  severity: "warn",
  summary: "the issuer is renewed while a leaf can still live out its time",
  breaks: "Leaves end with their issuer: they get shorter and shorter before each renewal.",
  remedy: "Set renewBefore to more than a leaf's lifetime: 25h of a duration of 48h.",
  check: ({ issuers }) =>
    issuers
      .filter(({ renewBeforeMs }) => renewBeforeMs < usualLeafLifetimeMs)
      .map((one) => ({
        ...at(one, "renewBefore"),
        message: `${calledSource(one.source)} is renewed with only ${spelled(one.renewBeforeMs)} left, and leaves live 24 h`,
      })),
};

function at(one: CertificateSpec, ...path: readonly string[]): Pick<OwnerFound, "source" | "path"> {
  return { source: one.source, path: ["spec", ...path] };
}

function isP256({ algorithm, size }: CertificateSpec): boolean {
  return algorithm === "ECDSA" && size === 256;
}

function wrongKey(one: CertificateSpec, role: string, supported: string): OwnerFound {
  const key = one.algorithm === "Ed25519" ? "an Ed25519 key" : `${one.algorithm} ${one.size}`;
  const message = `${calledSource(one.source)} asks for ${key.slice(0, 40)} as the ${role}'s key; ${supported}`;
  return { ...at(one, "privateKey"), message };
}
