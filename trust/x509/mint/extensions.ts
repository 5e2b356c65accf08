import type { Extension } from "pkijs";
import type { Authority, Leaf } from "./mint.ts";
import { bufferOf, extension, type Tools } from "./tools.ts";

export function authorityExtensions(tools: Tools, wish: Authority): Extension[] {
  const { BasicConstraints, GeneralName, GeneralSubtree, NameConstraints } = tools.pkijs;
  const { pathLength, permittedDomains = [] } = wish;
  const constraints = new BasicConstraints({
    cA: true,
    ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
  });
  const permittedSubtrees = permittedDomains.map(
    (value) => new GeneralSubtree({ base: new GeneralName({ type: 2, value }) }),
  );
  return [
    extension(tools, oids.basicConstraints, true, constraints.toSchema()),
    keyUsage(tools, 0x06, 1), // keyCertSign, cRLSign
    ...(permittedSubtrees.length === 0
      ? []
      : [
          extension(tools, oids.nameConstraints, true, new NameConstraints({ permittedSubtrees }).toSchema()),
        ]),
  ];
}

export function leafExtensions(tools: Tools, wish: Leaf): Extension[] {
  const { BasicConstraints, ExtKeyUsage, GeneralName, GeneralNames } = tools.pkijs;
  const names = wish.dnsNames.map((value) => new GeneralName({ type: 2, value }));
  const keyPurposes = wish.usages.map((usage) => purposes[usage]);
  return [
    extension(tools, oids.basicConstraints, true, new BasicConstraints({ cA: false }).toSchema()),
    keyUsage(tools, 0x80, 7), // digitalSignature
    extension(tools, oids.extKeyUsage, false, new ExtKeyUsage({ keyPurposes }).toSchema()),
    extension(tools, oids.subjectAltName, false, new GeneralNames({ names }).toSchema()),
  ];
}

/** Its own key's identifier, and that of the key above it, which is left out where the one above has none. */
export function identifiers(tools: Tools, own: Uint8Array, above: string | undefined): Extension[] {
  const { pkijs, asn1 } = tools;
  const octets = (bytes: Uint8Array) => new asn1.OctetString({ valueHex: bufferOf(bytes) });
  const subject = extension(tools, oids.subjectKeyIdentifier, false, octets(own));
  if (above === undefined) return [subject];
  const authority = new pkijs.AuthorityKeyIdentifier({ keyIdentifier: octets(Buffer.from(above, "hex")) });
  return [subject, extension(tools, oids.authorityKeyIdentifier, false, authority.toSchema())];
}

export const oids = {
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extKeyUsage: "2.5.29.37",
  subjectAltName: "2.5.29.17",
  nameConstraints: "2.5.29.30",
  subjectKeyIdentifier: "2.5.29.14",
  authorityKeyIdentifier: "2.5.29.35",
} as const;

const purposes = { serverAuth: "1.3.6.1.5.5.7.3.1", clientAuth: "1.3.6.1.5.5.7.3.2" } as const;

function keyUsage(tools: Tools, bits: number, unusedBits: number): Extension {
  const valueHex = bufferOf(new Uint8Array([bits]));
  return extension(tools, oids.keyUsage, true, new tools.asn1.BitString({ valueHex, unusedBits }));
}
