import { printable } from "../../harmless.ts";
import { named } from "../../naming.ts";
import { sameBytes } from "../bytes.ts";
import { inside } from "../certificate.ts";
import { remembered } from "../remembered.ts";
import type { Certificate, Verification } from "../types.ts";
import { usageOids } from "../usages.ts";
import { checkSignatureFrom, checkValidity } from "./checks.ts";
import { brokenConstraint } from "./name-constraints.ts";
import { policiesHold } from "./policies.ts";
import { type Pool, pool, potentialParents } from "./pool.ts";

/**
 * As identity verifies its issuer, at start, on each reload and for each
 * signing request: Go's Certificate.Verify (crypto/x509 verify.go) with these
 * roots and intermediates, no DNS name, and the default usage, serverAuth.
 */
export function verifyAsIdentity(
  certificate: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
  now: Date,
): Verification {
  const asked = [[certificate], intermediates, anchors];
  return remembered("identity", asked, now, () => verify(certificate, intermediates, anchors, now));
}

function verify(
  certificate: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
  now: Date,
): Verification {
  const unsound = checkValidity(certificate, "leaf", [], now);
  if (unsound !== undefined) return refused(unsound);
  const ask = (enough: boolean): Verification => {
    const roots = pool(anchors);
    if (roots.fingerprints.has(certificate.fingerprint))
      return judge(certificate, { chains: [[certificate]] });
    const search = { roots, intermediates: pool(intermediates), now, enough, checks: 0 };
    return judge(certificate, build([certificate], search));
  };
  return ask(true).ok ? lazily(() => ask(false)) : ask(false);
}

// One chain is enough to say yes. Whether there are others takes a signature check for each namesake.
function lazily(all: () => Verification): Verification {
  let chains: Verification["chains"] | undefined;
  return {
    ok: true,
    get chains() {
      chains ??= all().chains;
      return chains;
    },
  };
}

const refused = (reason: string): Verification => ({ ok: false, reason, chains: [] });

function judge(certificate: Certificate, built: Built): Verification {
  if (built.chains.length === 0) return refused(built.reason ?? unknownAuthority(certificate));
  const chains: (readonly Certificate[])[] = [];
  let [constraint, usage, policy]: (string | undefined)[] = [];
  for (const chain of built.chains) {
    if (!policiesHold(chain.map(inside))) policy ??= `no certificate policy holds for ${named(certificate)}`;
    else if (!usageNests(chain))
      usage ??= `the extended key usage does not allow serverAuth: ${narrowest(chain)}`;
    else {
      const broken = brokenConstraint(chain.map(inside));
      if (broken === undefined) chains.push(chain);
      else
        constraint ??= `${named(chain[broken.at] ?? certificate)} is not authorized to sign for a name: ${broken.why}`;
    }
  }
  return chains.length > 0
    ? { ok: true, chains }
    : refused(constraint ?? usage ?? policy ?? unknownAuthority(certificate));
}

// Go calls it "incompatible key usage": each certificate that lists usages must list this one, or any.
const usageNests = (chain: readonly Certificate[]): boolean => chain.every(allowsServerAuth);

function allowsServerAuth(certificate: Certificate): boolean {
  const usages = inside(certificate).extensions.extendedKeyUsage ?? [];
  return usages.length === 0 || usages.includes(usageOids.any) || usages.includes(usageOids.serverAuth);
}

function narrowest(chain: readonly Certificate[]): string {
  const narrow = chain.find((certificate) => !allowsServerAuth(certificate));
  return narrow === undefined ? "" : `${named(narrow)} is for ${narrow.extendedKeyUsage?.join(", ")} only`;
}

interface Search {
  readonly roots: Pool;
  readonly intermediates: Pool;
  readonly now: Date;
  /** The first chain is enough. */
  readonly enough: boolean;
  checks: number;
}

interface Built {
  readonly chains: readonly (readonly Certificate[])[];
  readonly reason?: string;
  readonly exhausted?: true;
}

const maxSignatureChecks = 100;

/** Certificate.buildChains: all ways from the last of the chain to a root, roots first. */
function build(chain: readonly Certificate[], search: Search): Built {
  const child = chain[chain.length - 1];
  if (child === undefined) return { chains: [] };
  const chains: (readonly Certificate[])[] = [];
  let reason: string | undefined;
  let hint: string | undefined;
  for (const kind of ["root", "intermediate"] as const) {
    const from = kind === "root" ? search.roots : search.intermediates;
    for (const candidate of potentialParents(from, child)) {
      if (++search.checks > maxSignatureChecks) return exhausted(chains);
      if (inside(candidate).key === undefined || alreadyInChain(candidate, chain)) continue;
      const unsigned = checkSignatureFrom(child, candidate);
      if (unsigned !== undefined) {
        hint ??= unsigned;
        continue;
      }
      reason = checkValidity(candidate, kind, chain, search.now);
      if (reason !== undefined) continue;
      const longer = [...chain, candidate];
      if (kind === "root") chains.push(longer);
      else {
        const above = build(longer, search);
        chains.push(...above.chains);
        reason = above.reason;
        if (above.exhausted) return exhausted(chains);
      }
      if (search.enough && chains.length > 0) return { chains };
    }
  }
  if (chains.length > 0) return { chains };
  return { chains, reason: reason ?? unknownAuthority(child, hint) };
}

function exhausted(chains: Built["chains"]): Built {
  return {
    chains,
    exhausted: true,
    reason: `more than ${maxSignatureChecks} signatures would have to be checked`,
  };
}

function unknownAuthority(child: Certificate, hint?: string): string {
  const unsigned = `${named(child)} is signed by no anchor in the bundle`;
  return hint === undefined
    ? `${unsigned}: none is named as its issuer, ${printable(child.issuer, 100)}`
    : `${unsigned}: ${hint}`;
}

/** Go's alreadyInChain: the same subject, key and alternative names, which ends loops of cross-signing. */
function alreadyInChain(candidate: Certificate, chain: readonly Certificate[]): boolean {
  const candidateSan = inside(candidate).extensions.san;
  for (const certificate of chain) {
    if (certificate.keyFingerprint !== candidate.keyFingerprint) continue;
    if (!sameBytes(certificate.rawSubject, candidate.rawSubject)) continue;
    const san = inside(certificate).extensions.san;
    if (candidateSan === undefined || san === undefined) return candidateSan === san;
    if (sameBytes(candidateSan, san)) return true;
  }
  return false;
}
