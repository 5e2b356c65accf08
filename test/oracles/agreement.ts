import {
  type Certificate,
  openCertificate,
  readBundle,
  readCredentials,
  type Verification,
  verifyAsIdentity,
  verifyIssuerAsProxy,
  verifyLeafAsProxy,
} from "../../trust/x509/index.ts";
import { keyIdOf } from "../certificates/index.ts";
import type { Case } from "./cases.ts";
import type { Answer, IdentityAnswer, ProxyAnswer } from "./oracles.ts";

/** The core says one thing of a case, an oracle another; the oracle is right. */
export interface Disagreement {
  readonly about: string;
  readonly core: string;
  readonly oracle: string;
}

/** Everything on which the core and the oracles differ in one case. */
export function disagreements(asked: Case, answer: Answer): Disagreement[] {
  const found: Disagreement[] = [];
  const compare = (about: string, core: () => string, oracle: string) => {
    const said = outcome(core);
    if (summary(said) !== summary(oracle)) found.push({ about, core: said, oracle });
  };
  if (answer.identity) compareWithIdentity(asked, answer.identity, compare);
  if (answer.identity && answer.proxy) compareWithProxy(asked, answer.identity, answer.proxy, compare);
  return found;
}

type Compare = (about: string, core: () => string, oracle: string) => void;

function compareWithIdentity(asked: Case, oracle: IdentityAnswer, compare: Compare): void {
  const credentials = () => readCredentials(asked.chain, asked.key);
  compare(
    "identity's bundle",
    () => reading(readBundle(asked.bundle).anchors, readBundle(asked.bundle).refused),
    answered(oracle.bundle),
  );
  compare(
    "identity's chain",
    () => reading(credentials().chain, credentials().chainRefused),
    answered(oracle.chain),
  );
  compare(
    "identity's key",
    () => (credentials().key === "unreadable" ? `no: ${credentials().keyRefused}` : "yes"),
    oracle.key.ok ? "yes" : `no: ${oracle.key.error}`,
  );
  if (!oracle.chain.ok) return;
  if (oracle.key.ok)
    compare("the key's match", () => credentials().key, oracle.key.matches ? "matches" : "differs");
  compare(
    "being a CA",
    () => String(credentials().chain[0]?.basicConstraints?.ca ?? false),
    String(oracle.isCA),
  );
  if (oracle.verify === undefined) return;
  const verify = ([issuer, ...others]: readonly Certificate[]) =>
    issuer && verifyAsIdentity(issuer, others, readBundle(asked.bundle).anchors, asked.now);
  compare("identity's verification", () => verdict(verify(credentials().chain)), verdict(oracle.verify));
}

// Where identity refuses the bundle, so does the entrypoint of every proxy; where it
// refuses the chain, it mints no leaf. What the proxy would say then, nobody asks.
function compareWithProxy(
  asked: Case,
  identity: IdentityAnswer,
  oracle: ProxyAnswer,
  compare: Compare,
): void {
  const proxy = () => readBundle(asked.bundle).proxy;
  compare(
    "the proxy's bundle",
    () => fingerprints(proxy().anchors, proxy().refused),
    answered(oracle.bundle),
  );
  if (!oracle.bundle.ok || !identity.bundle.ok || !identity.chain.ok || !oracle.server || !oracle.client)
    return;
  compare("what the proxy skips", () => String(proxy().skipped), String(oracle.bundle.skipped));
  const known = new Set(identity.bundle.certs);
  if (!oracle.bundle.certs.every((each) => known.has(each))) return;

  const trusted = new Set(oracle.bundle.certs);
  const anchors = () =>
    readBundle(asked.bundle).anchors.filter(({ fingerprint }) => trusted.has(fingerprint));
  const chain = () => readCredentials(asked.chain, asked.key).chain;
  const leaf = openCertificate(asked.leaf);
  if (!("unreadable" in leaf)) {
    for (const usage of ["server", "client"] as const)
      compare(
        `the proxy's verification as ${usage}`,
        () => verdict(verifyLeafAsProxy(leaf, chain(), anchors(), asked.now, usage)),
        verdict(oracle[usage]),
      );
  }
  if (!asked.leafIsSound || "unreadable" in leaf || !mightHaveMinted(chain()[0], leaf)) return;
  const both = oracle.server.ok ? oracle.client : oracle.server;
  compare(
    "the issuer to a proxy",
    () => verdict(verifyIssuerAsProxy(chain(), anchors(), asked.now, leaf.dnsNames)),
    verdict(both),
  );
}

// The damage may have put another certificate first, and identity mints with ECDSA keys alone.
function mightHaveMinted(issuer: Certificate | undefined, leaf: Certificate): boolean {
  if (issuer?.key.algorithm !== "ECDSA" || !Buffer.from(issuer.rawSubject).equals(leaf.rawIssuer))
    return false;
  return leaf.authorityKeyId === keyIdOf(Buffer.from(issuer.spki)).toString("hex");
}

const reading = (certificates: readonly Certificate[], refused: string | undefined): string =>
  fingerprints(
    certificates.map(({ fingerprint }) => fingerprint),
    refused,
  );

const fingerprints = (all: readonly string[], refused: string | undefined): string =>
  refused === undefined ? `yes: ${all.map((each) => each.slice(0, 12)).join(" ")}` : `no: ${refused}`;

const answered = (oracle: { ok: boolean; certs: readonly string[]; error?: string }): string =>
  fingerprints(oracle.certs, oracle.ok ? undefined : (oracle.error ?? "?"));

const verdict = (
  said: Pick<Verification, "ok" | "reason"> | { ok: boolean; error?: string } | undefined,
): string => {
  if (said === undefined) return "nothing";
  if (said.ok) return "yes";
  return `no: ${("error" in said ? said.error : "reason" in said ? said.reason : undefined) ?? "?"}`;
};

/** Reasons may be worded differently; that there is one may not. */
const summary = (said: string): string => (said.startsWith("no:") ? "no" : said);

function outcome(core: () => string): string {
  try {
    return core();
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : error}`;
  }
}
