import { type KeyObject, X509Certificate } from "node:crypto";
import type { Certificate } from "../../../trust/x509/index.ts";
import { mintCertificate, mintKey, type Signer, type Wish } from "../../../trust/x509/mint/mint.ts";
import { after, day, year } from "../../certificates/index.ts";

export interface Made extends Signer {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

export const leafName = "default.default.serviceaccount.identity.linkerd.cluster.local";

/** An anchor as `create anchor` makes it, with a key of its own or another's. */
export const anchorOf = (wish: Partial<Wish> = {}, key?: KeyObject): Promise<Made> =>
  make(
    { kind: "authority", subject: "root.linkerd.cluster.local", notAfter: after(10 * year), ...wish },
    key,
  );

export const issuerOf = (signer: Signer, wish: Partial<Wish> = {}): Promise<Made> =>
  make(
    { kind: "authority", pathLength: 0, subject: "identity.linkerd.cluster.local", ...wish } as Partial<Wish>,
    undefined,
    signer,
  );

export const leafOf = (signer: Signer, wish: Partial<Wish> = {}): Promise<Made> =>
  make(
    {
      kind: "leaf",
      subject: leafName,
      dnsNames: [leafName],
      usages: ["serverAuth", "clientAuth"],
      notAfter: after(day),
      ...wish,
    } as Partial<Wish>,
    undefined,
    signer,
  );

async function make(wish: Partial<Wish>, own?: KeyObject, signer?: Signer): Promise<Made> {
  const key = own ?? (await mintKey());
  const whole = { notBefore: after(-day), notAfter: after(year), key, ...wish } as Wish; // each maker above gives the rest
  return { certificate: await mintCertificate(whole, signer), key };
}

export const asNode = ({ certificate }: Made): X509Certificate => new X509Certificate(certificate.der);

export const pemOf = (made: Made): string => asNode(made).toString();

export const keyPem = ({ key }: Made): string => key.export({ format: "pem", type: "pkcs8" }).toString();
