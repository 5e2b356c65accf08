import { sameBytes } from "../bytes.ts";
import type { Key } from "../key.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { Certificate } from "../types.ts";
import type { WebpkiAnchor, WebpkiCertificate } from "./certificate.ts";
import { checkAlgorithms, checkAlone, type Usage } from "./checks.ts";
import { distrusted } from "./distrusted.ts";
import { isFatal, moreTelling } from "./errors.ts";
import { checkNames } from "./names.ts";

export interface Signer {
  readonly keyFingerprint: string;
  readonly key: Key | undefined;
}

/** A leaf or an intermediate; without a certificate, if it is a leaf yet to be signed. */
export interface Member extends Signer {
  readonly certificate: Certificate | undefined;
  readonly read: WebpkiCertificate;
  isSignedBy(signer: Signer): boolean;
}

export interface Anchor extends Signer {
  readonly certificate: Certificate;
  readonly read: WebpkiAnchor;
}

export interface Failure {
  readonly error: string;
  readonly about: Certificate | undefined;
}

export type Outcome = { readonly path: readonly Member[]; readonly anchor: Anchor } | Failure;

interface Search {
  readonly intermediates: readonly (Member | string)[];
  readonly anchors: readonly Anchor[];
  readonly now: Date;
  readonly usage: Usage;
  signatures: number;
  calls: number;
  comparisons: number;
}

/** webpki's build_chain (verify_cert.rs): the first path that holds, or the most telling error on the way. */
export function buildPath(
  leaf: Member,
  intermediates: readonly (Member | string)[],
  anchors: readonly Anchor[],
  now: Date,
  usage: Usage,
): Outcome {
  const budget = { signatures: 100, calls: 200_000, comparisons: 250_000 };
  return extend([leaf], 0, { intermediates, anchors, now, usage, ...budget });
}

const maxIntermediates = 6;

function extend(path: readonly Member[], authoritiesBelow: number, search: Search): Outcome {
  const head = path[path.length - 1];
  if (head === undefined) return { error: "UnknownIssuer", about: undefined };
  const role = path.length === 1 ? "leaf" : "issuer";
  const alone = failure(head, () => {
    if (distrusted.has(head.keyFingerprint)) refuse("CertDistrusted");
    checkAlone(head.read, role, search.now, authoritiesBelow, search.usage);
  });
  if (alone !== undefined) return alone;

  let worst: Failure = { error: "UnknownIssuer", about: head.certificate };
  for (const anchor of search.anchors) {
    if (!sameBytes(head.read.issuer, anchor.read.subject)) continue;
    const wrong = distrusted.has(anchor.keyFingerprint)
      ? { error: "CertDistrusted", about: anchor.certificate }
      : (checkSignatures(path, anchor, search) ?? checkConstraints(path, anchor, search));
    if (wrong === undefined) return { path, anchor };
    if (isFatal(wrong.error)) return wrong;
    worst = moreTellingOf(worst, wrong);
  }
  for (const candidate of search.intermediates) {
    const outcome = tryIntermediate(
      candidate,
      head,
      path,
      authoritiesBelow + (role === "leaf" ? 0 : 1),
      search,
    );
    if ("path" in outcome || isFatal(outcome.error)) return outcome;
    worst = moreTellingOf(worst, outcome);
  }
  return worst;
}

function tryIntermediate(
  candidate: Member | string,
  head: Member,
  path: readonly Member[],
  authoritiesBelow: number,
  search: Search,
): Outcome {
  if (typeof candidate === "string") return { error: candidate, about: undefined };
  const unrelated = { error: "UnknownIssuer", about: head.certificate };
  if (!sameBytes(candidate.read.subject, head.read.issuer)) return unrelated;
  if (path.some((member) => isSame(member, candidate))) return unrelated;
  if (search.calls-- <= 0) return { error: "MaximumPathBuildCallsExceeded", about: undefined };
  if (path.length > maxIntermediates)
    return { error: "MaximumPathDepthExceeded", about: candidate.certificate };
  return extend([...path, candidate], authoritiesBelow, search);
}

// RFC 4158 section 5.2.
const isSame = (a: Member, b: Member): boolean =>
  sameBytes(a.read.spki, b.read.spki) && sameBytes(a.read.subject, b.read.subject);

/** check_signed_chain: from the anchor down to the leaf, all signatures anew. */
function checkSignatures(path: readonly Member[], anchor: Anchor, search: Search): Failure | undefined {
  let signer: Signer & { readonly read: { readonly spki: Uint8Array } } = anchor;
  for (const member of path.toReversed()) {
    const { spki } = signer.read;
    const wrong = failure(member, () => {
      if (search.signatures-- <= 0) refuse("MaximumSignatureChecksExceeded");
      checkAlgorithms(member.read.algorithm, spki);
      if (!member.isSignedBy(signer)) refuse("InvalidSignatureForPublicKey");
    });
    if (wrong !== undefined) return wrong;
    signer = member;
  }
  return undefined;
}

/** check_signed_chain_name_constraints: each one's constraints against all below it. */
function checkConstraints(path: readonly Member[], anchor: Anchor, search: Search): Failure | undefined {
  let constraints = anchor.read.nameConstraints;
  for (let at = path.length - 1; at >= 0; at--) {
    const below = path.slice(0, at + 1).toReversed();
    const sans = below.map((member) => member.read.san);
    const wrong = failure(path[at], () => checkNames(constraints, sans, search));
    if (wrong !== undefined) return wrong;
    constraints = path[at]?.read.nameConstraints;
  }
  return undefined;
}

function failure(about: Member | undefined, check: () => void): Failure | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message, about: about?.certificate };
    throw error;
  }
}

const moreTellingOf = (a: Failure, b: Failure): Failure =>
  moreTelling(a.error, b.error) === a.error ? a : b;
