import type {
  Facts,
  InstallConfig,
  Issuance,
  Issuer,
  IssuerSecret,
  IssuerSeen,
  MeshView,
  Scheme,
  Thresholds,
  TrustBundle,
  TrustRoots,
} from "../facts.ts";
import { usualLeafLifetimeMs } from "../leaf-lifetime.ts";
import { type Certificate, verifyAsIdentity, verifyIssuerAsProxy } from "../x509/index.ts";

/** What a gate or a desk has read: objects opened, and undefined for what it could not see. */
export interface Sources {
  readonly now: Date;
  readonly namespace: string;
  readonly thresholds: Thresholds;
  readonly terminating?: boolean;
  readonly trustRoots?: TrustRoots;
  readonly issuerSecret?: IssuerSecret;
  readonly install?: InstallConfig;
  readonly mesh?: MeshView;
  /** Oldest first. */
  readonly issuersSeen?: readonly IssuerSeen[];
  readonly previous?: Facts;
}

/** Turns what was read into facts: every certificate read and every chain verified, once. */
export function gather(sources: Sources): Facts {
  const { now, namespace, thresholds, trustRoots, install, issuersSeen, previous } = sources;
  const expectedScheme = sources.mesh?.identity?.scheme ?? install?.scheme;
  const trustDomain = sources.mesh?.identity?.trustDomain ?? install?.trustDomain;
  const bundle = bundleOf(trustRoots);
  const scheme = sources.issuerSecret && schemeOf(sources.issuerSecret, expectedScheme);
  const issuerSecret = sources.issuerSecret && {
    ...sources.issuerSecret,
    ...(scheme === undefined ? {} : { scheme }),
    ...(expectedScheme === undefined ? {} : { expectedScheme }),
  };
  const names = trustDomain === undefined ? undefined : leafNames(namespace, trustDomain);
  const issuer = issuerOf(issuerSecret, bundle, now, names);
  const mesh = sources.mesh && issuer ? acceptance(sources.mesh, issuer, now) : sources.mesh;
  const issuance: Issuance | undefined = issuersSeen && {
    lifetimeMs: sources.mesh?.identity?.lifetimeMs ?? usualLeafLifetimeMs,
    issuers: issuersSeen,
  };
  return {
    now,
    namespace,
    thresholds,
    terminating: sources.terminating ?? false,
    ...(trustRoots === undefined ? {} : { trustRoots }),
    ...(bundle === undefined ? {} : { bundle }),
    ...(issuerSecret === undefined ? {} : { issuerSecret }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(install === undefined ? {} : { install }),
    ...(mesh === undefined ? {} : { mesh }),
    ...(issuance === undefined ? {} : { issuance }),
    ...(previous === undefined ? {} : { previous }),
  };
}

function bundleOf(trustRoots: TrustRoots | undefined): TrustBundle | undefined {
  const reading = trustRoots?.reading;
  if (reading === undefined || reading.refused !== undefined || reading.anchors.length === 0)
    return undefined;
  return { anchors: reading.anchors };
}

// Where the install's scheme is not known yet, the Secret's own keys tell.
function schemeOf(secret: IssuerSecret, expected: Scheme | undefined): Scheme | undefined {
  if (expected !== undefined && secret.readings[expected] !== undefined) return expected;
  if (secret.readings["linkerd.io/tls"] !== undefined) return "linkerd.io/tls";
  return secret.readings["kubernetes.io/tls"] === undefined ? undefined : "kubernetes.io/tls";
}

function issuerOf(
  secret: IssuerSecret | undefined,
  bundle: TrustBundle | undefined,
  now: Date,
  names: readonly string[] | undefined,
): Issuer | undefined {
  const reading = secret?.scheme === undefined ? undefined : secret.readings[secret.scheme];
  const [certificate, ...intermediates] = reading?.chain ?? [];
  if (reading === undefined || reading.chainRefused !== undefined || certificate === undefined)
    return undefined;
  const own = { certificate, intermediates, key: reading.key };
  if (bundle === undefined) return own;
  const at = whileValid(certificate, now);
  const chain = [certificate, ...intermediates];
  return {
    ...own,
    byIdentity: verifyAsIdentity(certificate, intermediates, bundle.anchors, at),
    byProxies: verifyIssuerAsProxy(chain, bundle.anchors, at, []),
    ...(names === undefined ? {} : { byProxiesNamed: verifyIssuerAsProxy(chain, bundle.anchors, at, names) }),
  };
}

// Whether a chain holds is one question, whether the issuer's own dates do is another, with a rule
// each. So the chain is asked about at the moment of the issuer's validity that is nearest to now.
function whileValid(issuer: Certificate, now: Date): Date {
  if (now > issuer.notAfter) return issuer.notAfter;
  return now < issuer.notBefore ? issuer.notBefore : now;
}

function acceptance(mesh: MeshView, issuer: Issuer, now: Date): MeshView {
  const chain = [issuer.certificate, ...issuer.intermediates];
  const at = whileValid(issuer.certificate, now);
  return {
    ...mesh,
    held: mesh.held.map((one) => ({
      ...one,
      acceptsIssuer: verifyIssuerAsProxy(chain, one.anchors, at, []),
    })),
  };
}

// What identity puts into leaves: <service account>.<namespace>.serviceaccount.identity.<control plane>.<domain>
// (linkerd2 controller/identity/validator.go). One of a user's and one of Linkerd's own stand for all.
function leafNames(namespace: string, trustDomain: string): string[] {
  const suffix = `serviceaccount.identity.${namespace}.${trustDomain}`;
  return [`default.default.${suffix}`, `linkerd-identity.${namespace}.${suffix}`];
}
