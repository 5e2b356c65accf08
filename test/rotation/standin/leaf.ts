import { createSecureContext, type SecureContext } from "node:tls";
import { keyPair, leaf as mintLeaf } from "../../certificates/index.ts";
import type { Anchors, Issuer } from "./trust.ts";

/** A leaf that a proxy holds. The certificate itself is made when somebody first wants to see it. */
export interface Leaf {
  readonly issuer: Issuer;
  readonly issuedAt: number;
  readonly notAfter: number;
  /** At 70 % of what was left when it was issued. */
  readonly renewAt: number;
}

export interface Lifetime {
  readonly lifetimeMs: number;
  readonly skewMs: number;
}

export function issueLeaf(issuer: Issuer, at: number, { lifetimeMs, skewMs }: Lifetime): Leaf {
  const notAfter = Math.min(at + lifetimeMs + skewMs, issuer.notAfter.getTime());
  return { issuer, issuedAt: at, notAfter, renewAt: at + 0.7 * (notAfter - at) };
}

let nextKey = 0;

/** What the proxy brings to a handshake, as client and as server: real keys, drawn from a few dozen. */
export function contextOf(name: string, anchors: Anchors, leaf: Leaf, { skewMs }: Lifetime): SecureContext {
  const key = keyPair("P-256", `proxy ${nextKey++ % 48}`);
  const parent = {
    der: Buffer.alloc(0),
    pem: "",
    keyPem: "",
    pkcs8Pem: "",
    key: leaf.issuer.key,
    name: "",
    subject: leaf.issuer.subject,
    notBefore: new Date(leaf.issuedAt),
    notAfter: leaf.issuer.notAfter,
    fingerprint: leaf.issuer.id,
  };
  const { pem } = mintLeaf(parent, {
    key,
    name,
    sans: [`dns:${name}`],
    // OpenSSL would compare it with the issuer's own, however that was made; webpki does not look at either.
    authorityKeyId: false,
    notBefore: new Date(leaf.issuedAt - skewMs),
    notAfter: new Date(leaf.notAfter),
  });
  return createSecureContext({
    cert: pem + leaf.issuer.chainPem,
    key: key.pem,
    ca: anchors.timelessPem,
    minVersion: "TLSv1.3",
    // An anchor may be any certificate, and ends the chain wherever it stands.
    allowPartialTrustChain: true,
  });
}
