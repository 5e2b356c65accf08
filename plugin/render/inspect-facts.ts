import { moment } from "../../trust/naming.ts";
import type { Certificate, ConstrainedNames } from "../../trust/x509/index.ts";
import { constraintsOf, keyName } from "./certificate.ts";
import { relative } from "./relative.ts";

/** All that is shown of a certificate, by what it is called. */
export function factsOf(certificate: Certificate, now: Date): readonly (readonly [string, string])[] {
  const { notBefore, notAfter, keyUsage, extendedKeyUsage, nameConstraints } = certificate;
  const names = [
    ...certificate.dnsNames,
    ...certificate.uris,
    ...certificate.ipAddresses,
    ...certificate.emailAddresses,
  ];
  const uses = [...(keyUsage ?? []), ...(extendedKeyUsage ?? [])];
  const selfIssued = certificate.subject === certificate.issuer;
  return [
    ["fingerprint", `sha256 ${certificate.fingerprint}`],
    ["subject", certificate.subject],
    ["issued by", selfIssued ? "itself" : certificate.issuer],
    ["serial", certificate.serial],
    ["valid from", `${moment(notBefore)}, ${relative(notBefore, now)}`],
    ["valid until", `${moment(notAfter)}, ${relative(notAfter, now)}`],
    ["key", `${keyName(certificate)}, sha256 ${certificate.keyFingerprint}`],
    ["signature", certificate.signatureAlgorithm],
    ["SKI", certificate.subjectKeyId ?? "none"],
    ["AKI", certificate.authorityKeyId ?? "none"],
    ["constraints", constraintsOf(certificate)],
    ...(uses.length === 0 ? [] : [["usage", uses.join(", ")] as const]),
    ...(names.length === 0 ? [] : [["names", names.join(", ")] as const]),
    ...(nameConstraints === undefined
      ? []
      : [
          ["may sign for", namesIn(nameConstraints.permitted) || "any name"] as const,
          ["never for", namesIn(nameConstraints.excluded) || "none"] as const,
        ]),
    ...(certificate.refusedByProxy === undefined
      ? []
      : [["as an anchor", `proxies pass over it: ${certificate.refusedByProxy}`] as const]),
    ...(certificate.refusedByProxyInChain === undefined
      ? []
      : [["in a chain", `proxies refuse it: ${certificate.refusedByProxyInChain}`] as const]),
  ];
}

function namesIn({ dns, ip, email, uri }: ConstrainedNames): string {
  return [...dns, ...ip, ...email, ...uri].join(", ");
}
