import { moment } from "../../trust/naming.ts";
import type { Inspection } from "../material/inspection.ts";
import { flat } from "./inspect-text.ts";

/** For machines; the shape is part of the plugin's interface. */
export function inspectJson({ title, at, tree, places, remarks }: Inspection): string {
  const certificates = flat(tree).map(({ certificate, kind, role, why, signers }) => {
    const { key, dnsNames, uris, ipAddresses, emailAddresses } = certificate;
    return {
      kind,
      role,
      why,
      name: certificate.name,
      fingerprint: certificate.fingerprint,
      subject: certificate.subject,
      issuer: certificate.issuer,
      serial: certificate.serial,
      version: certificate.version,
      notBefore: moment(certificate.notBefore),
      notAfter: moment(certificate.notAfter),
      expired: certificate.notAfter < at,
      key: { ...key, fingerprint: certificate.keyFingerprint },
      signatureAlgorithm: certificate.signatureAlgorithm,
      subjectKeyId: certificate.subjectKeyId,
      authorityKeyId: certificate.authorityKeyId,
      basicConstraints: certificate.basicConstraints,
      keyUsage: certificate.keyUsage,
      extendedKeyUsage: certificate.extendedKeyUsage,
      nameConstraints: certificate.nameConstraints,
      names: { dns: dnsNames, uri: uris, ip: ipAddresses, email: emailAddresses },
      signedBy: signers,
      refusedByProxy: certificate.refusedByProxy,
      refusedByProxyInChain: certificate.refusedByProxyInChain,
      places: places.get(certificate.fingerprint) ?? [],
    };
  });
  const inspection = {
    apiVersion: "linkerd-certs.io/v1",
    kind: "Inspection",
    of: title,
    at: moment(at),
    certificates,
    remarks,
  };
  return `${JSON.stringify(inspection, undefined, 2)}\n`;
}
