import type { IssuerSecret, Scheme } from "../facts.ts";
import { overrideIn } from "../override.ts";
import { findPrivateKeys, readBundle, readCredentials } from "../x509/index.ts";
import { dataChangedAt, isAsMade, type Secret } from "./objects.ts";

export const issuerSecretName = "linkerd-identity-issuer";

/** The Secret's keys in each layout (linkerd2 pkg/k8s/labels.go, corev1.TLSCertKey). */
export const layouts: Readonly<Record<Scheme, { readonly certificate: string; readonly key: string }>> = {
  "linkerd.io/tls": { certificate: "crt.pem", key: "key.pem" },
  "kubernetes.io/tls": { certificate: "tls.crt", key: "tls.key" },
};

/**
 * What Secret linkerd-identity-issuer holds, without its key: the key becomes
 * "matches", "differs" or "unreadable" here, and goes no further.
 * Undefined means looked for and not there.
 */
export function openIssuerSecret(object: Secret | undefined): IssuerSecret {
  if (object === undefined) return { present: false, keys: [], readings: {} };
  const data = object.data ?? {};
  const filled = Object.keys(data)
    .filter((key) => data[key] !== "")
    // Names are shown, and somebody may have pasted a key into one.
    .map((key) => (findPrivateKeys(key, 1).length > 0 ? "(withheld: it holds a private key)" : key))
    .sort();
  const caCrt = decode(data["ca.crt"]);
  const changedAt = dataChangedAt(object.metadata, ["crt.pem", "key.pem", "tls.crt", "tls.key"]);
  const override = overrideIn(object.metadata);
  return {
    present: true,
    keys: filled,
    readings: {
      ...readingOf(data, "linkerd.io/tls"),
      ...readingOf(data, "kubernetes.io/tls"),
    },
    ...(caCrt.length === 0 ? {} : { caCrt: readBundle(caCrt) }),
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(isAsMade(object.metadata, changedAt) ? { asMade: true as const } : {}),
    ...(override === undefined ? {} : { override }),
    ...(object.immutable === true ? { immutable: true as const } : {}),
  };
}

/** The layout that identity reads: as it was started, where that is known; else the one that is filled, Linkerd's own first. */
export function schemeRead({ readings }: IssuerSecret, started: Scheme | undefined): Scheme {
  const filled = (["linkerd.io/tls", "kubernetes.io/tls"] as const).find(
    (one) => readings[one] !== undefined,
  );
  return started !== undefined && (readings[started] !== undefined || filled === undefined)
    ? started
    : (filled ?? "linkerd.io/tls");
}

function readingOf(data: Readonly<Record<string, string>>, scheme: Scheme): IssuerSecret["readings"] {
  const layout = layouts[scheme];
  const certificate = decode(data[layout.certificate]);
  if (certificate.length === 0) return {};
  return { [scheme]: readCredentials(certificate, decode(data[layout.key])) };
}

function decode(base64: string | undefined): Buffer {
  return Buffer.from(base64 ?? "", "base64");
}
