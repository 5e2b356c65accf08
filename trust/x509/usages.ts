import { dotted, oid } from "./oid.ts";

/** The bits of keyUsage in their order (RFC 5280 section 4.2.1.3). */
export const keyUsageNames: readonly string[] = [
  "digitalSignature",
  "contentCommitment",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "certSign",
  "crlSign",
  "encipherOnly",
  "decipherOnly",
];

export const certSign = 1 << 5;

export const usageOids = {
  any: oid("2.5.29.37.0"),
  serverAuth: oid("1.3.6.1.5.5.7.3.1"),
  clientAuth: oid("1.3.6.1.5.5.7.3.2"),
} as const;

const names = new Map<string, string>([
  [usageOids.any, "any"],
  [usageOids.serverAuth, "serverAuth"],
  [usageOids.clientAuth, "clientAuth"],
  [oid("1.3.6.1.5.5.7.3.3"), "codeSigning"],
  [oid("1.3.6.1.5.5.7.3.4"), "emailProtection"],
  [oid("1.3.6.1.5.5.7.3.5"), "ipsecEndSystem"],
  [oid("1.3.6.1.5.5.7.3.6"), "ipsecTunnel"],
  [oid("1.3.6.1.5.5.7.3.7"), "ipsecUser"],
  [oid("1.3.6.1.5.5.7.3.8"), "timeStamping"],
  [oid("1.3.6.1.5.5.7.3.9"), "ocspSigning"],
]);

/** What an extended key usage is called, or its dotted OID. */
export const usageName = (usage: string): string => names.get(usage) ?? dotted(usage);
