import type { KeyObject } from "node:crypto";
import { Failure } from "../../cluster/failure.ts";
import { algorithmRefused } from "../../trust/algorithms.ts";
import { moment, named } from "../../trust/naming.ts";
import { type Certificate, verifyAsIdentity, verifyIssuerAsProxy } from "../../trust/x509/index.ts";
import type { Signer } from "../../trust/x509/mint/mint.ts";
import { beginOf, type MeshNames } from "./profiles.ts";

export interface IssuerWish {
  readonly subject: string | Uint8Array;
  readonly key: KeyObject;
  readonly notAfter: Date;
  readonly permittedDomains?: readonly string[];
}

/** Has the anchor sign an issuer that Linkerd will take, or says why it cannot. */
export async function issueIssuer(
  wish: IssuerWish,
  signer: Signer,
  names: MeshNames,
  now: Date,
): Promise<Certificate> {
  const { certificate: anchor } = signer;
  insistAnchor(anchor, wish.notAfter, now);
  const { mintCertificate } = await import("../../trust/x509/mint/mint.ts");
  const issuer = await mintCertificate(
    { kind: "authority", pathLength: 0, notBefore: beginOf(now, anchor.notBefore), ...wish },
    signer,
  );
  insistIssuer(issuer, anchor, names, now);
  return issuer;
}

function insistAnchor(anchor: Certificate, notAfter: Date, now: Date): void {
  const who = named(anchor);
  const { basicConstraints, keyUsage } = anchor;
  if (basicConstraints?.ca !== true) throw unfit(`${who} is no CA and signs nothing`);
  if (basicConstraints.pathLength === 0) throw unfit(`${who} has path length 0 and signs no issuer`);
  if (keyUsage !== undefined && !keyUsage.includes("certSign"))
    throw unfit(`${who} may not sign certificates: its key usage lacks certSign`);
  const refused = algorithmRefused(anchor, "anchor");
  if (refused !== undefined) throw unfit(`linkerd check refuses ${who}: it has ${refused}`);
  if (anchor.notAfter < now) throw unfit(`${who} expired at ${moment(anchor.notAfter)}`);
  if (anchor.notBefore > now) throw unfit(`${who} is valid from ${moment(anchor.notBefore)} only`);
  if (anchor.notAfter < notAfter) {
    throw new Failure(
      `anchor ${who} ends at ${moment(anchor.notAfter)}, before its issuer would at ${moment(notAfter)}`,
      `Give the issuer an end that is no later: --not-after ${moment(anchor.notAfter)}.`,
    );
  }
}

// The same questions that the guard will ask, while nothing is lost yet.
function insistIssuer(issuer: Certificate, anchor: Certificate, names: MeshNames, now: Date): void {
  if (issuer.subject === anchor.subject)
    throw unfit(`the issuer would have the same name as its anchor, ${anchor.subject}`);
  const refused = algorithmRefused(issuer, "issuer");
  if (refused !== undefined) throw unfit(`linkerd check would refuse the issuer: it has ${refused}`);
  const leaves = [names.leaf("default", "default")];
  for (const { ok, reason } of [
    verifyAsIdentity(issuer, [], [anchor], now),
    verifyIssuerAsProxy([issuer], [anchor], now, leaves),
  ])
    if (!ok) throw unfit(`Linkerd would refuse the issuer: ${reason}`);
}

function unfit(message: string): Failure {
  return new Failure(message, "Use another anchor, or make one with: create anchor.");
}
